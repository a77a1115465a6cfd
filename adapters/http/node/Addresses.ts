import { BlockList, isIP, isIPv6 } from "node:net"

/**
 * Which addresses are the public web's. Source: IANA's special-purpose address registries (RFC 6890, as of 2025): of IPv4
 * all but those of special purpose, multicast and the future; of IPv6 only global unicast, `2000::/3`, without what is
 * special in it: among them addresses that carry an IPv4 address in them and would reach it by a relay.
 *
 * @module
 */
const special4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"]
]
const special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]

/** A list of ranges: `10.0.0.0/8`, `fd00::/8`. */
export const ranges = (list: ReadonlyArray<string>): BlockList => {
  const blocks = new BlockList()
  for (const range of list) {
    const [network = "", prefix] = range.split("/")
    blocks.addSubnet(network, Number(prefix ?? (isIPv6(network) ? 128 : 32)), isIPv6(network) ? "ipv6" : "ipv4")
  }
  return blocks
}

const special = ranges([...special4, ...special6])
const global6 = ranges(["2000::/3"])

/** Whether an address is the public web's, or in one of the ranges that are allowed besides. */
export const isCallable = (address: string, allowed: BlockList): boolean => {
  const version = isIP(address)
  if (version === 0) return false
  const family = version === 6 ? "ipv6" : "ipv4"
  if (allowed.check(address, family)) return true
  return (version === 4 || global6.check(address, family)) && !special.check(address, family)
}
