//! The generator of Python's `random`: the Mersenne Twister MT19937 of Matsumoto and Nishimura, seeded as Python seeds it, so
//! that a script makes the same bytes.

const N: usize = 624;
const M: usize = 397;

/// The state of MT19937.
#[derive(Clone, Debug)]
pub struct Mersenne {
    state: Box<[u32; N]>,
    index: usize,
}

impl Mersenne {
    /// As `random.Random(seed)`: the number's 32-bit words, the low one first, seed the state by the authors' `init_by_array`.
    pub fn seeded(seed: u64) -> Self {
        let words = [seed as u32, (seed >> 32) as u32];
        let key = if words[1] == 0 { &words[..1] } else { &words[..] };
        let mut state = Box::new([0_u32; N]);
        state[0] = 19_650_218;
        for i in 1..N {
            let before = state[i - 1];
            state[i] = 1_812_433_253_u32.wrapping_mul(before ^ before >> 30).wrapping_add(i as u32);
        }
        let (mut i, mut j) = (1, 0);
        for _ in 0..N {
            let before = state[i - 1];
            state[i] = (state[i] ^ (before ^ before >> 30).wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j = (j + 1) % key.len();
            if i == N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        for _ in 0..N - 1 {
            let before = state[i - 1];
            state[i] = (state[i] ^ (before ^ before >> 30).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i == N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
        Self { state, index: N }
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7FFF_FFFF);
            let odd = if y & 1 == 1 { 0x9908_B0DF } else { 0 };
            self.state[i] = self.state[(i + M) % N] ^ y >> 1 ^ odd;
        }
        self.index = 0;
    }

    /// The next 32 bits.
    pub fn next_word(&mut self) -> u32 {
        if self.index == N {
            self.refill();
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C_5680;
        y ^= y << 15 & 0xEFC6_0000;
        y ^ y >> 18
    }

    /// What `randbytes(len(out))` gives: words, the low byte first; of the last word, where it is not needed whole, the high
    /// bytes.
    pub fn fill(&mut self, out: &mut [u8]) {
        let (words, rest) = out.as_chunks_mut::<4>();
        for word in words {
            *word = self.next_word().to_le_bytes();
        }
        if !rest.is_empty() {
            let bits = rest.len() * 8;
            let word = self.next_word() >> (32 - bits);
            rest.copy_from_slice(&word.to_le_bytes()[..bits / 8]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mersenne;

    /// What CPython 3.11 prints for `random.Random(seed).randbytes(n).hex()`.
    #[test]
    fn the_bytes_are_those_of_python() {
        for (seed, hex) in [
            (0, "cd072cd8be6f9f62ac4c09c28206e7e35594aa6b342f5d0a"),
            (1, "f5b1652258b791"),
            ((1 << 32) + 5, "d3004328ab76497c350b51486a2ed2e3dd7fbd9a65e0d7d5"),
            (u64::MAX, "7e5e9605f3af3f"),
        ] {
            let mut bytes = vec![0; hex.len() / 2];
            Mersenne::seeded(seed).fill(&mut bytes);
            let shown: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(shown, hex, "seed {seed}");
        }
    }
}
