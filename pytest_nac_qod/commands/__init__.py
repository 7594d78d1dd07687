"""The commands of nac-qod, a module for each."""
