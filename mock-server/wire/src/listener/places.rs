//! How many connections there may be, and which of them goes when one more comes.
//!
//! A connection that comes is taken at once; where there are too many, another one is closed for
//! it. Never one whose request is being answered. Those that have had no request answered yet
//! (silent ones, half a handshake, a head that trickles in) may hold half of the places: beyond
//! that the oldest of them goes, so that however many come, they only push out each other. Else
//! the one goes that was idle for the longest time.
//!
//! Health is answered apart: the controls have places of their own, and a connection there whose
//! last request asked for health stays, up to a number of them.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::connection::{Activity, Use};
use super::descriptors;

/// The listener that is asked for health.
const CONTROLS: &str = "controls";

/// Places of all there are that only the controls get, so that nobody elsewhere takes the last one.
const CONTROLS_PLACES: usize = 64;

/// Connections that keep asking for health and stay, however idle the others are.
const HEALTH_PLACES: usize = 16;

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// On one listener.
    pub listener: usize,
    /// From one address on one listener.
    pub address: usize,
    /// On all listeners together.
    pub total: usize,
}

impl Caps {
    /// These, and no more in all than the system lets the process have descriptors.
    pub fn within_descriptors(listener: usize, address: usize) -> Self {
        let total = descriptors::allowed()
            .map_or(usize::MAX, |all| all.saturating_sub(descriptors::OWN).max(all / 2).max(1));
        Self { listener, address: address.min(total.div_ceil(2)), total }
    }
}

/// The places of all listeners. Clones are the same.
#[derive(Debug, Clone)]
pub struct Places {
    caps: Caps,
    /// A request that takes longer is no reason to keep its connection, if a place is needed.
    patience: Duration,
    seats: Arc<Mutex<Seats>>,
}

#[derive(Debug, Default)]
struct Seats {
    next: u64,
    all: BTreeMap<u64, Seat>,
    of_listener: HashMap<&'static str, usize>,
    of_address: HashMap<(&'static str, IpAddr), usize>,
}

#[derive(Debug)]
struct Seat {
    listener: &'static str,
    address: IpAddr,
    activity: Activity,
    leave: Arc<Notify>,
}

/// A connection's place, free again when it goes.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    number: u64,
    leave: Arc<Notify>,
    activity: Activity,
}

impl Place {
    /// Waits until the place is wanted for somebody else, and may be: no request is being answered
    /// by then.
    pub(super) async fn wanted(&self) {
        loop {
            self.leave.notified().await;
            if self.activity.now().began.is_none_or(|began| began.elapsed() >= self.places.patience)
            {
                return;
            }
        }
    }

    pub(super) fn activity(&self) -> &Activity {
        &self.activity
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.guard().remove(self.number);
    }
}

impl Places {
    /// So many places; a request may take `patience` before its connection counts as stuck.
    pub fn new(caps: Caps, patience: Duration) -> Self {
        Self { caps, patience, seats: Arc::default() }
    }

    /// A place for a connection from `address`, and how many others had to go for it; none where
    /// nobody can go, because every one is being answered.
    pub(super) fn take(&self, listener: &'static str, address: IpAddr) -> Option<(Place, usize)> {
        let address = network(address);
        let mut seats = self.guard();
        let mut gone = 0;
        while seats.of_address.get(&(listener, address)).copied() >= Some(self.caps.address.max(1))
        {
            let of_address = |seat: &Seat| seat.listener == listener && seat.address == address;
            self.close_one(&mut seats, self.caps.address, of_address)?;
            gone += 1;
        }
        while seats.of_listener.get(listener).copied() >= Some(self.caps.listener.max(1)) {
            self.close_one(&mut seats, self.caps.listener, |seat| seat.listener == listener)?;
            gone += 1;
        }
        if listener != CONTROLS {
            let kept = CONTROLS_PLACES.min(self.caps.total / 4);
            let others = self.caps.total - kept;
            let of_others = |seats: &Seats| {
                seats.all.len() - seats.of_listener.get(CONTROLS).copied().unwrap_or_default()
            };
            while of_others(&seats) >= others {
                self.close_one(&mut seats, others, |seat| seat.listener != CONTROLS)?;
                gone += 1;
            }
        }
        while seats.all.len() >= self.caps.total {
            self.close_one(&mut seats, self.caps.total, |_| true)?;
            gone += 1;
        }
        let number = seats.next;
        seats.next += 1;
        let (activity, leave) = (Activity::new(), Arc::new(Notify::new()));
        let seat =
            Seat { listener, address, activity: activity.clone(), leave: Arc::clone(&leave) };
        seats.all.insert(number, seat);
        *seats.of_listener.entry(listener).or_default() += 1;
        *seats.of_address.entry((listener, address)).or_default() += 1;
        Some((Place { places: self.clone(), number, leave, activity }, gone))
    }

    /// Makes room where the system has no descriptor left; says whether somebody could go.
    pub(super) fn make_room(&self) -> bool {
        let mut seats = self.guard();
        let all = seats.all.len();
        self.close_one(&mut seats, all, |_| true).is_some()
    }

    /// Closes the connection that is missed least.
    fn close_one(
        &self,
        seats: &mut Seats,
        cap: usize,
        is_one: impl Fn(&Seat) -> bool,
    ) -> Option<()> {
        // The oldest new one, the one idle for longest, the one stuck for longest.
        let (mut new, mut idle, mut stuck) = (None, None, None);
        let mut new_ones = 0;
        let older = |found: &mut Option<(Instant, u64)>, since: Instant, number: u64| {
            if found.is_none_or(|(than, _)| since < than) {
                *found = Some((since, number));
            }
        };
        let mut asking_for_health = 0;
        for (number, seat) in seats.all.iter().filter(|(_, seat)| is_one(seat)) {
            if seat.activity.asks_for_health() {
                asking_for_health += 1;
                if asking_for_health <= HEALTH_PLACES {
                    continue;
                }
            }
            let Use { began, answered, opened } = seat.activity.now();
            match (began, answered) {
                (Some(began), _) if began.elapsed() >= self.patience => {
                    older(&mut stuck, began, *number);
                }
                (Some(_), _) => {}
                (None, Some(answered)) => older(&mut idle, answered, *number),
                (None, None) => {
                    new_ones += 1;
                    older(&mut new, opened, *number);
                }
            }
        }
        let are_many = new_ones * 2 > cap;
        let first = if are_many { new.or(idle) } else { idle.or(new) };
        let (_, number) = first.or(stuck)?;
        if let Some(seat) = seats.remove(number) {
            seat.leave.notify_one();
        }
        Some(())
    }

    fn guard(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    fn remove(&mut self, number: u64) -> Option<Seat> {
        let seat = self.all.remove(&number)?;
        let key = (seat.listener, seat.address);
        if let Some(count) = self.of_listener.get_mut(seat.listener) {
            *count -= 1;
        }
        if let Some(count) = self.of_address.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&key);
            }
        }
        Some(seat)
    }
}

/// Who counts as one: an address, or with IPv6 the network that one customer gets.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn places(listener: usize, address: usize, total: usize) -> Places {
        Places::new(Caps { listener, address, total }, Duration::from_secs(30))
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn take(places: &Places, from: IpAddr) -> Place {
        places.take("sites", from).expect("a place").0
    }

    fn is_wanted(place: &Place) -> bool {
        !place.places.guard().all.contains_key(&place.number)
    }

    #[test]
    fn the_one_idle_for_longest_goes_and_never_one_that_is_answered() {
        let places = places(3, 3, 100);
        let all: Vec<_> = (0..3).map(|_| take(&places, HERE)).collect();
        for place in &all {
            drop(place.activity().handling());
        }
        let answering = all[0].activity().handling();
        let next = take(&places, HERE);
        assert!(is_wanted(&all[1]) && !is_wanted(&all[0]) && !is_wanted(&all[2]));
        let more = [all[2].activity().handling(), next.activity().handling()];
        assert!(places.take("sites", HERE).is_none(), "everybody is being answered");
        drop((answering, more));
        assert!(places.take("sites", HERE).is_some());
    }

    #[test]
    fn a_request_that_goes_on_for_too_long_does_not_keep_its_place() {
        let caps = Caps { listener: 2, address: 2, total: 100 };
        let places = Places::new(caps, Duration::ZERO);
        let all = [take(&places, HERE), take(&places, HERE)];
        let _stuck = all[0].activity().handling();
        let third = take(&places, HERE);
        assert!(is_wanted(&all[1]) && !is_wanted(&all[0]), "a silent one goes first");
        let _busy = third.activity().handling();
        let _fourth = take(&places, HERE);
        assert!(is_wanted(&all[0]));
    }

    #[test]
    fn new_ones_push_out_each_other_once_they_are_many() {
        let places = places(8, 8, 100);
        let mut known = Vec::new();
        for _ in 0..4 {
            let place = take(&places, HERE);
            drop(place.activity().handling());
            known.push(place);
        }
        let mut flood = Vec::new();
        for _ in 0..100 {
            flood.push(take(&places, HERE));
        }
        let left = known.iter().filter(|place| !is_wanted(place)).count();
        assert_eq!(left, 3, "half of the places, less the one that decides");
        assert!(!is_wanted(&flood[99]) && is_wanted(&flood[0]));
    }

    #[test]
    fn an_address_has_its_share_and_leaves_the_others_alone() {
        let places = places(4, 2, 100);
        let other = take(&places, address(1));
        let first = take(&places, address(2));
        let kept = [take(&places, address(2)), take(&places, address(2))];
        assert!(is_wanted(&first) && !is_wanted(&other));
        assert!(kept.iter().all(|place| !is_wanted(place)));
        assert!(places.take("relay", address(2)).expect("another listener").1 == 0);
        drop(kept);
        let (_, gone) = places.take("sites", address(2)).expect("places are free again");
        assert_eq!(gone, 0);
    }

    #[test]
    fn there_are_never_more_in_all_than_the_system_allows() {
        let places = places(4, 4, 2);
        let first = take(&places, address(1));
        let _second = take(&places, address(2));
        let (_third, gone) = places.take("relay", address(3)).expect("a place");
        assert!(gone == 1 && is_wanted(&first));
        assert!(places.make_room());
        let caps = Caps::within_descriptors(4_096, 1_024);
        assert!(caps.total >= 1 && caps.address <= 1_024);
    }

    #[test]
    fn who_asks_for_health_keeps_the_connection() {
        let places = places(64, 64, 256);
        let take = || places.take(CONTROLS, HERE).expect("a place").0;
        let asking: Vec<_> = (0..HEALTH_PLACES + 1)
            .map(|_| {
                let place = take();
                place.activity().asked_for_health(true);
                drop(place.activity().handling());
                place
            })
            .collect();
        // A flood of silent ones, then one of such as had an answer and are idle since.
        let silent: Vec<_> = (0..300).map(|_| take()).collect();
        let answered: Vec<_> = (0..300)
            .map(|_| {
                let place = take();
                drop(place.activity().handling());
                place
            })
            .collect();
        assert!(asking[..HEALTH_PLACES].iter().all(|place| !is_wanted(place)));
        assert!(is_wanted(&asking[HEALTH_PLACES]), "so many and no more");
        assert!(is_wanted(&silent[0]) && is_wanted(&answered[0]));
        // Who asks for something else is one of many again.
        asking[0].activity().asked_for_health(false);
        drop(asking[0].activity().handling());
        let later: Vec<_> = (0..300)
            .map(|_| {
                let place = take();
                drop(place.activity().handling());
                place
            })
            .collect();
        assert!(is_wanted(&asking[0]) && !is_wanted(&asking[1]) && !is_wanted(&later[299]));
    }

    #[test]
    fn nobody_elsewhere_takes_the_places_of_the_controls() {
        let places = places(100, 100, 40);
        let probe = places.take(CONTROLS, HERE).expect("a place").0;
        drop(probe.activity().handling());
        let busy: Vec<_> = (0..30).map(|number| take(&places, address(number))).collect();
        let answering: Vec<_> = busy.iter().map(|place| place.activity().handling()).collect();
        // All the others have are being answered: the next is turned away, not the probe.
        assert!(places.take("relay", HERE).is_none());
        assert!(!is_wanted(&probe));
        let (_second, gone) = places.take(CONTROLS, HERE).expect("the controls have room");
        assert_eq!(gone, 0);
        drop(answering);
        assert!(places.take("relay", HERE).is_some_and(|(_, gone)| gone == 1));
        assert!(!is_wanted(&probe));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("::1"), "::1".parse::<IpAddr>().expect("an address"));
    }
}
