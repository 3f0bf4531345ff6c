//! `timedelta`

use std::any::Any;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use super::TIMEDELTA;
use super::calendar::{DAY, SECOND, Time};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::kit::{self, Signature};
use crate::console::native::{Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// A span of time in microseconds.
#[derive(Debug)]
pub(super) struct Delta(pub(super) i128);

/// The most days, either way.
const MAX_DAYS: i128 = 999_999_999;

/// The span, if it is not too long.
pub(super) fn object(micros: i128) -> Outcome {
    let days = micros.div_euclid(DAY);
    if days.abs() <= MAX_DAYS {
        return Ok(Object::Native(Rc::new(Delta(micros))));
    }
    Err(too_long(days))
}

fn too_long(days: i128) -> Raise {
    let message = if i32::try_from(days).is_ok() {
        format!("days={days}; must have magnitude <= {MAX_DAYS}")
    } else {
        "Python int too large to convert to C int".to_owned()
    };
    Raise::new(class::OVERFLOW_ERROR, message)
}

fn from_big(micros: &BigInt) -> Outcome {
    micros.to_i128().map_or_else(|| Err(too_long(i128::MAX)), object)
}

/// The longest and the shortest span, and the finest.
pub(super) fn constant(name: &str) -> Option<Outcome> {
    Some(match name {
        "min" => object(-MAX_DAYS * DAY),
        "max" => object((MAX_DAYS + 1) * DAY - 1),
        "resolution" => object(1),
        _ => return None,
    })
}

/// `timedelta(days=0, seconds=0, …)`
pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    const SIGNATURE: Signature = Signature {
        function: "__new__",
        names: &["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"],
        positional: 7,
        required: 0,
    };
    const UNITS: [i128; 7] = [DAY, SECOND, 1, 1000, 60 * SECOND, 3600 * SECOND, 7 * DAY];
    let (mut micros, mut rest) = (BigInt::zero(), 0.0);
    for ((name, unit), value) in SIGNATURE.names.iter().zip(UNITS).zip(SIGNATURE.bind(args)?) {
        match value {
            None => {}
            Some(Object::Float(value)) => {
                let (whole, fraction) = (value.trunc(), value.fract());
                micros += float_to_int(whole)? * unit;
                let part = fraction * unit as f64;
                micros += float_to_int(part.trunc())?;
                rest += part.fract();
            }
            Some(value) => {
                let Some(n) = value.index() else {
                    let message = format!("unsupported type for timedelta {name} component: {}", vm.type_name(&value));
                    return Err(Raise::type_error(message));
                };
                micros += n * unit;
            }
        }
    }
    micros += BigInt::from(rest.round_ties_even() as i64);
    from_big(&micros)
}

fn float_to_int(value: f64) -> Outcome<BigInt> {
    if value.is_nan() {
        return Err(Raise::value_error("cannot convert float NaN to integer"));
    }
    num_traits::FromPrimitive::from_f64(value)
        .ok_or_else(|| Raise::new(class::OVERFLOW_ERROR, "cannot convert float infinity to integer"))
}

/// `a / b`, to the nearest, and to the even one between two.
fn divide_nearest(a: &BigInt, b: &BigInt) -> BigInt {
    let (a, b) = if b.is_negative() { (-a, -b) } else { (a.clone(), b.clone()) };
    let quotient = floor(&a, &b);
    let twice = (a - &quotient * &b) * 2;
    let odd = quotient.bit(0);
    if twice > b || (twice == b && odd) { quotient + 1 } else { quotient }
}

fn floor(a: &BigInt, b: &BigInt) -> BigInt {
    let quotient = a / b;
    if (a % b).is_zero() || a.is_negative() == b.is_negative() { quotient } else { quotient - 1 }
}

/// A float as a fraction of integers.
fn ratio(value: f64) -> Outcome<(BigInt, BigInt)> {
    let whole = float_to_int(value.trunc())?;
    let (mut fraction, mut bits) = (value.fract(), 0_u32);
    let mut numerator = whole;
    // Each bit that is left is moved over the point; a float has at most 1074 of them.
    while fraction != 0.0 {
        fraction *= 2.0;
        numerator = numerator * 2 + BigInt::from(fraction.trunc() as i64);
        fraction = fraction.fract();
        bits += 1;
    }
    Ok((numerator, BigInt::from(1) << bits))
}

fn zero_division() -> Raise {
    Raise::new(class::ZERO_DIVISION_ERROR, "integer division or modulo by zero")
}

impl Delta {
    fn parts(&self) -> (i128, i128, i128) {
        let rest = self.0.rem_euclid(DAY);
        (self.0.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }

    fn text(&self) -> String {
        let days = self.0.div_euclid(DAY);
        let time = Time::from_micros(self.0.rem_euclid(DAY));
        let clock = time.iso();
        // The hour has one digit where one is enough.
        let clock = clock.strip_prefix('0').unwrap_or(&clock);
        match days {
            0 => clock.to_owned(),
            1 | -1 => format!("{days} day, {clock}"),
            days => format!("{days} days, {clock}"),
        }
    }
}

impl Native for Delta {
    fn class(&self) -> Class {
        TIMEDELTA
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.repr_text())
    }

    fn str(&self, _vm: &Vm) -> Outcome<String> {
        Ok(self.text())
    }

    fn call(&self, _vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "total_seconds" => {
                args.none("timedelta.total_seconds")?;
                Ok(Object::Float(self.0 as f64 / SECOND as f64))
            }
            _ => Err(Raise::no_attribute("datetime.timedelta", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let (days, seconds, micros) = self.parts();
        Ok(Some(match name {
            "days" => Object::int(days),
            "seconds" => Object::int(seconds),
            "microseconds" => Object::int(micros),
            _ => return constant(name).transpose(),
        }))
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, reflected: bool) -> Outcome<Option<Object>> {
        if let Some(other) = downcast::<Self>(other) {
            let (a, b) = if reflected { (other.0, self.0) } else { (self.0, other.0) };
            return with_delta(operator, a, b);
        }
        let micros = BigInt::from(self.0);
        if let Object::Float(n) = other {
            let result = match (operator, reflected) {
                ("*", _) => {
                    let (numerator, denominator) = ratio(*n)?;
                    divide_nearest(&(micros * numerator), &denominator)
                }
                ("/", false) => {
                    let (numerator, denominator) = ratio(*n)?;
                    if numerator.is_zero() {
                        return Err(zero_division());
                    }
                    divide_nearest(&(micros * denominator), &numerator)
                }
                _ => return Ok(None),
            };
            return from_big(&result).map(Some);
        }
        let Some(n) = other.index() else { return Ok(None) };
        let result = match (operator, reflected) {
            ("*", _) => micros * n,
            ("/" | "//", false) if n.is_zero() => return Err(zero_division()),
            ("/", false) => divide_nearest(&micros, &n),
            ("//", false) => floor(&micros, &n),
            _ => return Ok(None),
        };
        from_big(&result).map(Some)
    }

    fn unary(&self, _vm: &Vm, operator: &str) -> Outcome<Option<Object>> {
        Ok(Some(match operator {
            "-" => object(-self.0)?,
            "+" => object(self.0)?,
            "abs" => object(self.0.abs())?,
            _ => return Ok(None),
        }))
    }

    fn truth(&self) -> Option<bool> {
        Some(self.0 != 0)
    }

    fn hash(&self) -> Option<u64> {
        Some(kit::hash_of(&self.0))
    }
}

/// `a operator b` of two spans.
fn with_delta(operator: &str, a: i128, b: i128) -> Outcome<Option<Object>> {
    let divides = matches!(operator, "/" | "//" | "%" | "divmod");
    if divides && b == 0 {
        return Err(zero_division());
    }
    let quotient = || floor(&BigInt::from(a), &BigInt::from(b));
    Ok(Some(match operator {
        "+" => object(a + b)?,
        "-" => object(a - b)?,
        "/" => Object::Float(a as f64 / b as f64),
        "//" => Object::int(quotient()),
        "%" => from_big(&(BigInt::from(a) - quotient() * b))?,
        "divmod" => Object::tuple(vec![Object::int(quotient()), from_big(&(BigInt::from(a) - quotient() * b))?]),
        _ => return Ok(kit::ordering(operator, a.cmp(&b)).map(Object::Bool)),
    }))
}
