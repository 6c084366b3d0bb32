//! Reading bytes that nobody has vouched for: nothing here panics, allocates by what the bytes
//! claim, or reads the same byte twice.

use super::ScanError;

/// Most bytes of one LEB128 number of 64 bits.
const LEB_MAX_BYTES: u32 = 10;

/// What is still unread of some bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, ScanError> {
        let (byte, rest) = self.rest.split_first().ok_or(ScanError::Torn)?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ScanError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ScanError::Torn)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ScanError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(ScanError::Torn)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Bytes behind their own length, which is at most `max`.
    pub(super) fn prefixed(
        &mut self,
        max: usize,
        what: &'static str,
    ) -> Result<&'a [u8], ScanError> {
        let length = self.count(max, what)?;
        self.take(length)
    }

    /// An unsigned number that counts something of which there may be `max`.
    pub(super) fn count(&mut self, max: usize, what: &'static str) -> Result<usize, ScanError> {
        let number = self.unsigned()?;
        let count = usize::try_from(number).map_err(|_| ScanError::TooMany(what))?;
        if count > max {
            Err(ScanError::TooMany(what))
        } else {
            Ok(count)
        }
    }

    /// An unsigned number of up to 64 bits, written as briefly as it can be.
    pub(super) fn unsigned(&mut self) -> Result<u64, ScanError> {
        let mut number = 0_u64;
        for place in 0..LEB_MAX_BYTES {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit only.
            if place + 1 == LEB_MAX_BYTES && byte > 1 {
                return Err(ScanError::BadNumber);
            }
            number |= bits << (7 * place);
            if byte & 0x80 == 0 {
                let is_overlong = place > 0 && byte == 0;
                return if is_overlong {
                    Err(ScanError::BadNumber)
                } else {
                    Ok(number)
                };
            }
        }
        Err(ScanError::BadNumber)
    }

    /// A signed number of up to 64 bits, written as briefly as it can be.
    pub(super) fn signed(&mut self) -> Result<i64, ScanError> {
        let mut number = 0_i64;
        let mut previous = 0_u8;
        for place in 0..LEB_MAX_BYTES {
            let byte = self.byte()?;
            // The tenth byte has room for the sign only.
            if place + 1 == LEB_MAX_BYTES && byte != 0 && byte != 0x7f {
                return Err(ScanError::BadNumber);
            }
            number |= i64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0;
                let repeats_sign = match byte {
                    0 => previous & 0x40 == 0,
                    0x7f => previous & 0x40 != 0,
                    _ => false,
                };
                if place > 0 && repeats_sign {
                    return Err(ScanError::BadNumber);
                }
                let read = 7 * (place + 1);
                if is_negative && read < i64::BITS {
                    number |= -1 << read;
                }
                return Ok(number);
            }
            previous = byte;
        }
        Err(ScanError::BadNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let unsigned: [(&[u8], u64); 4] = [
            (&[0], 0),
            (&[0x7f], 127),
            (&[0x81, 0x01], 129),
            (
                &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
                u64::MAX,
            ),
        ];
        for (bytes, number) in unsigned {
            assert_eq!(Reader::new(bytes).unsigned(), Ok(number));
        }
        let signed: [(&[u8], i64); 6] = [
            (&[0], 0),
            (&[0x7f], -1),
            (&[0xff, 0x00], 127),
            (&[0x80, 0x7f], -128),
            (
                &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
                i64::MAX,
            ),
            (
                &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
                i64::MIN,
            ),
        ];
        for (bytes, number) in signed {
            assert_eq!(Reader::new(bytes).signed(), Ok(number), "{bytes:?}");
        }
    }

    #[test]
    fn numbers_with_needless_bytes_or_too_many_bits_are_refused() {
        let bad: [&[u8]; 4] = [
            &[0x81, 0x00],
            &[0x80, 0x80, 0x00],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2],
            &[0x80; 11],
        ];
        for bytes in bad {
            assert_eq!(Reader::new(bytes).unsigned(), Err(ScanError::BadNumber));
        }
        for bytes in [&[0x81_u8, 0x00][..], &[0xff, 0x7f], &[0x80; 11]] {
            assert_eq!(Reader::new(bytes).signed(), Err(ScanError::BadNumber));
        }
        assert_eq!(Reader::new(&[0x80]).unsigned(), Err(ScanError::Torn));
    }
}
