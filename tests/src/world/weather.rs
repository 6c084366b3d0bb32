//! How rough a world is.

/// What can happen in a world.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Tablets in the world at first.
    pub tablets: usize,
    /// Steps before it heals.
    pub steps: usize,
    /// Steps in which people work, of a hundred.
    pub work: usize,
    /// Messages are repeated and overtake one another; connections break and fall silent.
    pub network: bool,
    /// Tablets and the server are killed.
    pub kills: bool,
    /// Reads and writes of tablets fail.
    pub storage: bool,
    /// Clocks of tablets jump by days.
    pub clocks: bool,
    /// People and stores are added.
    pub newcomers: bool,
    /// The server refuses some of the work.
    pub refusals: bool,
    /// People write long notes.
    pub long_texts: bool,
    /// Tablets are away for long.
    pub away: bool,
    /// Chunks and rows on tablets' disks are damaged.
    pub damage: bool,
    /// The server is restored from an older backup.
    pub restores: bool,
    /// Several people work on a tablet, taking turns.
    pub is_shared: bool,
    /// After a restore some tablets never come back.
    pub departures: bool,
    /// Cards move to another book, and not everyone holds every book.
    pub moves: bool,
    /// Not everyone holds every book; who may see and write what changes; people push what they
    /// have no right to.
    pub rights: bool,
    /// Customers are handed over, some for a while; not everyone holds every book.
    pub handovers: bool,
    /// Tablets are given up or stolen, and people leave; not everyone holds every book.
    pub revokes: bool,
}

impl Weather {
    /// Nothing goes wrong.
    pub const fn fair(tablets: usize, steps: usize) -> Self {
        Self {
            tablets,
            steps,
            work: 12,
            network: false,
            kills: false,
            storage: false,
            clocks: false,
            newcomers: false,
            refusals: false,
            long_texts: false,
            away: false,
            damage: false,
            restores: false,
            departures: false,
            moves: false,
            is_shared: false,
            rights: false,
            handovers: false,
            revokes: false,
        }
    }

    /// Everything goes wrong that a customer book has to live with every day.
    pub const fn rough(tablets: usize, steps: usize) -> Self {
        Self {
            network: true,
            kills: true,
            storage: true,
            clocks: true,
            newcomers: true,
            away: true,
            ..Self::fair(tablets, steps)
        }
    }
}
