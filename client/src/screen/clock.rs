//! Days and times in the store's time zone, by the browser's own tables.

use floorbook_shared::time::{Date, Timestamp};
use js_sys::{Array, Function, Object, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};

use crate::screen::platform;
use crate::screen::when::LocalTime;

/// The clock on the wall of the store.
#[derive(Clone)]
pub struct Clock {
    zone: String,
    /// Formats milliseconds as numbers of year, month, day, hour and minute.
    format: Option<Function>,
}

impl PartialEq for Clock {
    fn eq(&self, other: &Self) -> bool {
        self.zone == other.zone
    }
}

impl Clock {
    /// The clock of an IANA time zone; of the tablet itself if the browser does not know the zone.
    pub fn new(zone: &str) -> Self {
        let format = formatter(Some(zone)).or_else(|| formatter(None));
        Self {
            zone: zone.to_owned(),
            format,
        }
    }

    /// The store's day now.
    pub fn today(&self) -> Date {
        self.local(platform::now()).date
    }

    /// A point in time as the store's clock shows it.
    pub fn local(&self, at: Timestamp) -> LocalTime {
        self.read(at).unwrap_or(LocalTime {
            date: Date::constant(1970, 1, 1),
            hour: 0,
            minute: 0,
        })
    }

    /// The moment at which a day of the store begins.
    pub fn start_of(&self, date: Date) -> Option<Timestamp> {
        let midnight = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        let wanted = midnight.timestamp().as_millisecond();
        // How far the store's clock is ahead of UTC about then; a second look for a day on which
        // the clocks are changed.
        let mut at = Timestamp::from_millis(wanted);
        for _ in 0..2 {
            let local = self.local(at);
            let shown = local.date.at(
                i8::try_from(local.hour).ok()?,
                i8::try_from(local.minute).ok()?,
                0,
                0,
            );
            let shown = shown.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            let ahead = shown.timestamp().as_millisecond() - at.as_millis();
            at = Timestamp::from_millis(wanted - ahead);
        }
        Some(at)
    }

    fn read(&self, at: Timestamp) -> Option<LocalTime> {
        #[expect(clippy::cast_precision_loss, reason = "exact until the year 287000")]
        let millis = JsValue::from_f64(at.as_millis() as f64);
        let written = self
            .format
            .as_ref()?
            .call1(&JsValue::UNDEFINED, &millis)
            .ok()?
            .as_string()?;
        let mut numbers = written
            .split(|sign: char| !sign.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse::<i16>().ok());
        let mut next = || numbers.next();
        let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(LocalTime {
            date,
            hour: u8::try_from(hour).ok()?,
            minute: u8::try_from(minute).ok()?,
        })
    }
}

/// The time zone of this tablet, as a proposal for a new store.
pub fn tablet_zone() -> Option<String> {
    let format = construct(&Object::new())?;
    let options: Function = Reflect::get(&format, &"resolvedOptions".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let resolved = options.call0(&format).ok()?;
    Reflect::get(&resolved, &"timeZone".into())
        .ok()?
        .as_string()
}

fn formatter(zone: Option<&str>) -> Option<Function> {
    let options = Object::new();
    let wanted = [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
    ];
    for (name, value) in wanted
        .into_iter()
        .chain(zone.map(|zone| ("timeZone", zone)))
    {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    let format = construct(&options)?;
    Reflect::get(&format, &"format".into())
        .ok()?
        .dyn_into()
        .ok()
}

/// Through `Reflect`, because an unknown time zone throws.
fn construct(options: &Object) -> Option<JsValue> {
    let intl = Reflect::get(&global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // Swedish writes year, month, day in this order and in plain digits.
    let arguments = Array::of2(&"sv-SE".into(), options);
    Reflect::construct(&constructor, &arguments).ok()
}
