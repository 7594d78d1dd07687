"""What a client of quality-on-demand sends; runs when --qod-client names one."""
