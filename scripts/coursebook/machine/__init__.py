"""The Linux that runs in the reader's tab: how its files, its boot and its snapshot are made."""
