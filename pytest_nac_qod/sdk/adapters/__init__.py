"""Programs that make an SDK speak the protocol of nac-qod client; each runs by itself where its SDK is installed."""
