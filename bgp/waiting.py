"""The instance's side of `bgp suppress-fib-pending`: it asks zebra for news, and passes them on."""

from typing import TYPE_CHECKING

from bgp.config import UNICAST
from bgp.rib.installed import Installed
from grammar.base.log import Level
from zebra.zapi.messages import NotifyNote, RouteNotifyOwner, RouteNotifyRequest

if TYPE_CHECKING:
    from bgp.instance import Instance


class Waiting:
    """Whether routes of an instance wait for the kernel before neighbours hear of them.

    It is so if the instance or all of them have the line. When the line comes while there are
    routes, its owner gives these to zebra again, whose news of them were not asked for.
    """

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self.on = False

    def configure(self) -> None:
        """The lines changed."""
        instance = self._instance
        lines = (instance.config, instance.bgpd.config)
        wanted = any(one.suppress_fib_pending for one in lines) and not instance.is_view
        wanted = wanted and not instance.bgpd.no_kernel and not instance.bgpd.no_zebra
        if wanted == self.on:
            return
        self.on = wanted
        for family in UNICAST:
            self._of(family).on = wanted
        self._request()
        if not wanted:
            for groups in instance.groups.values():
                for group in groups:
                    group.reconsider()

    def zebra_up(self) -> None:
        """A new connection knows nothing of what was asked, nor of any route."""
        for family in UNICAST:
            table = self._instance.tables[family]
            if table.installed is not None:
                table.installed.keys.clear()
        if self.on:
            self._request()

    def notified(self, news: RouteNotifyOwner) -> None:
        """What became of a route in the kernel."""
        if (news.afi, news.safi) not in UNICAST:
            return
        self._log(news)
        self._of((news.afi, news.safi)).notified(news.prefix.key, news.note)

    def _of(self, family: tuple[int, int]) -> Installed:
        instance = self._instance
        known = next(one for one in UNICAST if one == family)
        table = instance.tables[known]
        if table.installed is None:

            def tell(keys: tuple[int, ...]) -> None:
                # Labeled unicast waits too: its routes are in the same table.
                for group in instance.followers(known):
                    group.changed(keys, len(keys))

            table.installed = Installed(tell)
        return table.installed

    def _request(self) -> None:
        bgpd = self._instance.bgpd
        if bgpd.config.debugs("zebra"):
            text = "Sending ZEBRA_ROUTE_NOTIFY_REQUEST"
            bgpd.log.write(Level.DEBUGGING, text, "X610H-7GYNS")
        on = any(each.waiting.on for each in bgpd.instances.values()) or self.on
        self._instance.zebra.send(RouteNotifyRequest(on), self._instance.vrf_id)

    def _log(self, news: RouteNotifyOwner) -> None:
        bgpd = self._instance.bgpd
        if not bgpd.config.debugs("zebra"):
            return
        match news.note:
            case NotifyNote.INSTALLED:
                text = f"route {news.prefix} : INSTALLED"
                bgpd.log.write(Level.DEBUGGING, text, "MQ4TN-P2T15")
            case NotifyNote.BETTER_ADMIN_WON:
                text = f"route: {news.prefix} removed due to better admin won"
                bgpd.log.write(Level.DEBUGGING, text, "VDSKW-C32ZV")
            case _:
                pass
