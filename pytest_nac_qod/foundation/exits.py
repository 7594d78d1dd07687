"""Exit statuses of the nac-qod commands; without an import, so that `nac-qod --help` is quick."""

EXIT_OK, EXIT_BROKEN, EXIT_USAGE, EXIT_UNJUDGED = 0, 1, 2, 3
