"""Attacks over the network. Each function returns whether it reached its target."""

import socket

from attacks.targets import ABSTRACT, DATABASE_PORT, LISTENER, SOCKETS

def connects(address, family=socket.AF_INET):
    with socket.socket(family) as client:
        client.settimeout(0.3)
        client.connect(address)
        return True


def port_of_the_grader():
    return connects(("127.0.0.1", LISTENER))


def port_of_the_grader_over_ipv6():
    return connects(("::1", LISTENER), socket.AF_INET6)


def port_of_the_database():
    return connects(("127.0.0.1", DATABASE_PORT))


def socket_of_the_database():
    return connects(SOCKETS, socket.AF_UNIX)


def abstract_socket():
    return connects(f"\0{ABSTRACT}", socket.AF_UNIX)


def internet():
    return connects(("1.1.1.1", 80))


def internet_by_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return client.sendto(b"x", ("1.1.1.1", 53)) > 0


def names():
    return socket.gethostbyname("example.com") != ""


def metadata_of_the_cloud():
    return connects(("169.254.169.254", 80))


def socket_of_containers():
    return connects("/var/run/docker.sock", socket.AF_UNIX)


def raw_packets():
    return bool(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))


def cards_of_the_machine():
    return [name for _, name in socket.if_nameindex() if name != "lo"] != []
