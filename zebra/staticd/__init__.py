"""staticd: static routes. It owns their configuration and is a client of zebra like bgpd.

Lines change `config`; `react` compares the configuration with what zebra was told and sends the
difference. Next hops by gateway are tracked through zebra and announced while they resolve.
Imports zebra.zapi and grammar only.
"""
