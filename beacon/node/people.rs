//! The beacons of the network and the links to them, as people are shown them.

use std::{collections::BTreeMap, time::Duration};

use super::{
    node::Node,
    round::name_or_id,
    view::{LinkView, Liveness, MemberDetail, MemberFilter, MemberOrder, MemberView, MembersView, Mode},
};
use crate::{
    model::{BeaconId, Instant, readable},
    protocol::Member,
};

impl Node {
    /// All beacons: this one first, then by name and id.
    pub(super) fn member_views(&self, now: Instant) -> Vec<MemberView> {
        let members = self.protocol.members().iter();
        let mut others: Vec<_> = members.map(|(id, member)| self.member_view(now, id, member)).collect();
        others.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        others.insert(0, self.own_view());
        others
    }

    /// A page of the beacons that match, this one among them.
    pub fn members(&self, now: Instant, filter: &MemberFilter) -> MembersView {
        let is_state = |state| filter.state.is_none_or(|wanted| wanted == state);
        let text = filter.text.to_lowercase();
        let fits = |view: &MemberView| {
            let is_in = |place: &str| place.to_lowercase().contains(&text);
            text.is_empty()
                || is_in(&view.name)
                || is_in(&view.zone)
                || view.id.to_string().starts_with(&text)
                || view.addresses.iter().any(|address| is_in(&address.to_string()))
        };
        let there = self.protocol.members().iter().filter(|(_, member)| is_state(member.liveness()));
        let others = there.map(|(id, member)| self.member_view(now, id, member));
        let own = Some(self.own_view()).filter(|own| is_state(own.state));
        let mut members: Vec<MemberView> = own.into_iter().chain(others).filter(fits).collect();
        sort(&mut members, filter.order);
        if filter.descending {
            members.reverse();
        }
        let total = members.len();
        MembersView { total, members: members.into_iter().skip(filter.offset).take(filter.limit).collect() }
    }

    /// One beacon; `None` where it is not known.
    pub fn member(&self, now: Instant, id: &BeaconId) -> Option<MemberDetail> {
        let member = if *id == self.id() {
            self.own_view()
        } else {
            self.member_view(now, id, self.protocol.members().find(id)?)
        };
        let mut counts = BTreeMap::new();
        for (_, state) in self.census.holdings(id) {
            *counts.entry(state).or_default() += 1;
        }
        Some(MemberDetail { member, counts })
    }

    /// The live links, in the order in which they came up.
    pub fn link_views(&self, now: Instant) -> Vec<LinkView> {
        let links = self.protocol.links().iter().map(|(id, link)| LinkView {
            link: id,
            beacon: link.beacon,
            name: self.beacon_name(&link.beacon),
            address: link.address,
            dialed: link.dialed.is_some(),
            up: now.since(link.since),
            latency: self.latency_to(&link.beacon),
        });
        links.collect()
    }

    /// What people call a beacon.
    pub(super) fn beacon_name(&self, id: &BeaconId) -> String {
        if *id == self.id() {
            return name_or_id(&self.settings.name, id);
        }
        let member = self.protocol.members().find(id);
        name_or_id(member.map_or("", |member| member.hello().hello().name.as_str()), id)
    }

    fn own_view(&self) -> MemberView {
        let storage = self.storage();
        MemberView {
            id: self.id(),
            name: self.settings.name.clone(),
            state: Liveness::Alive,
            addresses: self.protocol.own().addresses(),
            last_heard: Duration::ZERO,
            budget: self.capacity(),
            used: storage.used.saturating_add(storage.reserved),
            draining: self.drain.is_some(),
            observer: self.settings.mode == Mode::DryRun,
            neighbor: false,
            this: true,
            zone: self.settings.zone.clone(),
            client_addresses: self.client_addresses.clone(),
            latency: None,
            via: None,
            incarnation: self.protocol.own().incarnation(),
            collections: Some(self.catalog.collections.len()),
        }
    }

    fn member_view(&self, now: Instant, id: &BeaconId, member: &Member) -> MemberView {
        let hello = member.hello().hello();
        let way = self.protocol.way_to(id).and_then(|link| self.protocol.links().find(link));
        MemberView {
            id: *id,
            name: readable(&hello.name),
            state: member.liveness(),
            addresses: hello.addresses.clone(),
            last_heard: now.since(member.heard()),
            budget: hello.budget,
            used: hello.used,
            draining: hello.draining,
            observer: hello.observer,
            neighbor: self.protocol.links().to(id).is_some(),
            this: false,
            zone: readable(&hello.zone),
            client_addresses: hello.peer_addresses.clone(),
            latency: self.latency_to(id),
            via: way.map(|link| link.beacon),
            incarnation: hello.incarnation,
            collections: member.status().map(|status| status.collections().len()),
        }
    }
}

fn sort(members: &mut [MemberView], order: MemberOrder) {
    let by_name = |view: &MemberView| (view.name.to_lowercase(), view.id);
    match order {
        MemberOrder::Name => members.sort_by_cached_key(by_name),
        MemberOrder::State => members.sort_by_cached_key(|view| (view.state, by_name(view))),
        MemberOrder::Heard => members.sort_by_cached_key(|view| (view.last_heard, by_name(view))),
        MemberOrder::Used => members.sort_by_cached_key(|view| (view.used, by_name(view))),
        MemberOrder::Budget => members.sort_by_cached_key(|view| (view.budget, by_name(view))),
        // Whoever is no neighbor comes last.
        MemberOrder::Latency => {
            members.sort_by_cached_key(|view| (view.latency.is_none(), view.latency, by_name(view)));
        }
        MemberOrder::Zone => members.sort_by_cached_key(|view| (view.zone.clone(), by_name(view))),
    }
}
