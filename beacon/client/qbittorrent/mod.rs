//! qBittorrent through its Web API, from version 4.5 on.
