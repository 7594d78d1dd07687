"""`python -m pytest_nac_qod` is the nac-qod command."""

from pytest_nac_qod.cli import main

raise SystemExit(main())
