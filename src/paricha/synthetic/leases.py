"""Who held which address when: the operators' own logs, from which their answers come.

A lease is an address (or an IPv6 prefix), a port block where the operator shares addresses, and a session.
No two leases overlap. After each session of a subject another customer gets the same address, so that a time slip
finds a plausible wrong one; on shared addresses neighbours hold other blocks at the same moment.
"""

import ipaddress
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from paricha.synthetic.chance import stream
from paricha.synthetic.operators import OPERATORS
from paricha.synthetic.people import Customer, People

PORT_BLOCK = 1008
FIRST_PORT = 1024


@dataclass(frozen=True)
class Lease:
    """One session: `network` is an address or prefix, ports are None where the whole address was held."""

    operator: str
    network: str
    port_from: int | None
    port_until: int | None
    start: datetime
    end: datetime
    customer: str

    def as_truth(self) -> dict[str, object]:
        """The lease as a row of `leases.jsonl`."""
        return {
            "operator": self.operator,
            "network": self.network,
            "port_from": self.port_from,
            "port_until": self.port_until,
            "start": utc_text(self.start),
            "end": utc_text(self.end),
            "customer": self.customer,
        }


def utc_text(at: datetime) -> str:
    """An instant in UTC to the second, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Leases:
    """All leases of one seed; `seen` gives the address and port at which a customer is seen at an instant."""

    def __init__(self, seed: int, people: People) -> None:
        self.rows: list[Lease] = []
        self._seed, self._people = seed, people
        self._held: dict[tuple[str, int | None], list[tuple[datetime, datetime]]] = {}
        self._static: dict[str, str] = {}
        self._delegated: dict[str, ipaddress.IPv6Network] = {}
        self._taken: set[ipaddress.IPv6Network] = set()
        self._sessions = 0

    def seen(self, customer: Customer, at: datetime, *, ipv6: bool) -> tuple[str, int | None, Lease]:
        """Open a session around the instant; the port is None where the address is not shared."""
        self._sessions += 1
        rng = stream(self._seed, "session", self._sessions)
        start = at - timedelta(minutes=rng.randrange(12, 150), seconds=rng.randrange(60))
        end = at + timedelta(minutes=rng.randrange(12, 150), seconds=rng.randrange(60))
        if ipv6:
            return self._ipv6(rng, customer, start, end)
        operator = OPERATORS[customer.operator]
        address, block = self._place(rng, customer, start, end)
        lease = self._keep(customer, address, block, start, end)
        self._follow(rng, customer, address, block, end)
        port = None
        if block is not None:
            port = FIRST_PORT + block * PORT_BLOCK + rng.randrange(PORT_BLOCK)
            self._beside(rng, customer, address, block, start, end)
        assert (port is None) == (not operator.shared_ipv4)
        return address, port, lease

    def _place(self, rng: random.Random, customer: Customer, start: datetime, end: datetime) -> tuple[str, int | None]:
        operator = OPERATORS[customer.operator]
        if customer.allocation == "static":
            pool = ipaddress.ip_network("198.18.120.0/21" if customer.operator == "tharaka" else operator.ipv4)
            address = self._static.setdefault(customer.id, str(pool[1 + len(self._static) % (pool.num_addresses - 2)]))
            return address, None
        pool = ipaddress.ip_network("198.18.0.0/18" if customer.operator == "tharaka" else operator.ipv4)
        while True:
            address = str(pool[rng.randrange(1, pool.num_addresses - 1)])
            block = rng.randrange(64) if operator.shared_ipv4 else None
            if self._free(address, block, start, end):
                return address, block

    def _ipv6(self, rng: random.Random, customer: Customer, start: datetime, end: datetime) -> tuple[str, None, Lease]:
        operator = OPERATORS[customer.operator]
        assert operator.ipv6 and operator.ipv6_prefix
        pool, length = ipaddress.IPv6Network(operator.ipv6), operator.ipv6_prefix
        network = self._delegated.get(customer.id)
        if network is None or customer.connection_type == "mobile":
            step = 1 << (128 - length)
            while network is None or network in self._taken or not self._free(str(network), None, start, end):
                network = ipaddress.IPv6Network(
                    (int(pool[0]) + rng.randrange(1, pool.num_addresses // step) * step, length)
                )
            self._delegated[customer.id] = network
            self._taken.add(network)
        lease = self._keep(customer, str(network), None, start, end)
        return str(network[rng.getrandbits(128 - length)]), None, lease

    def unleased(self, networks: tuple[str, ...]) -> str:
        """An address of a network whose holder is no customer of ours (an exit, another country)."""
        self._sessions += 1
        rng = stream(self._seed, "session", self._sessions)
        network = ipaddress.ip_network(rng.choice(networks))
        return str(network[rng.randrange(1, min(network.num_addresses - 1, 1 << 32))])

    def _free(self, network: str, block: int | None, start: datetime, end: datetime) -> bool:
        return all(end < a or start > b for a, b in self._held.get((network, block), []))

    def _keep(self, customer: Customer, network: str, block: int | None, start: datetime, end: datetime) -> Lease:
        first = None if block is None else FIRST_PORT + block * PORT_BLOCK
        lease = Lease(
            customer.operator,
            network,
            first,
            None if first is None else first + PORT_BLOCK - 1,
            start,
            end,
            customer.id,
        )
        self._held.setdefault((network, block), []).append((start, end))
        self.rows.append(lease)
        return lease

    def _neighbour(self, rng: random.Random, customer: Customer) -> Customer:
        return rng.choice(self._people.neighbours[customer.operator])

    def _follow(self, rng: random.Random, customer: Customer, address: str, block: int | None, end: datetime) -> None:
        """The same address goes to another customer soon after."""
        start, until = end + timedelta(minutes=3), end + timedelta(hours=6)
        if customer.allocation == "dynamic" and self._free(address, block, start, until):
            self._keep(self._neighbour(rng, customer), address, block, start, until)

    def _beside(
        self, rng: random.Random, customer: Customer, address: str, block: int, start: datetime, end: datetime
    ) -> None:
        """Two neighbours behind the same shared address at the same time."""
        for offset in (7, 19):
            other = (block + offset) % 64
            if self._free(address, other, start, end):
                self._keep(self._neighbour(rng, customer), address, other, start, end)
