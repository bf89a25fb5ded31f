"""Network addresses: what attempts are counted by."""

from ipaddress import IPv6Address, ip_network

# Whoever has one IPv6 address has at least as many as such a network: it is handed out as a whole.
NETWORK_BITS = 64


def network_of(host: str | None) -> str:
    """An IPv4 address itself, an IPv6 address's network; what is no address stays as it is."""
    if not host or ":" not in host:  # most are IPv4, and finding that out by an exception takes time
        return host or "unknown"
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), NETWORK_BITS), strict=False))
