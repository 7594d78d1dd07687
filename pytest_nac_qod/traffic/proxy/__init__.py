"""A reverse proxy that passes everything on unchanged, and judges it as it passes."""
