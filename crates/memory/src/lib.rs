//! Gives memory that was freed back to the system.
//!
//! The allocator of glibc keeps what thousands of closed connections used: between two things that are still held it
//! lets nothing go by itself. `docs/benchmarks/web.md` has the figures, with and without, and of other allocators.

/// Asks the C library's allocator to return every whole page that nobody uses. Says whether it had any.
///
/// It goes over all free memory and holds up whoever allocates meanwhile: some milliseconds for some hundred MiB, so
/// this is for a quiet moment or a slow rhythm. On systems without glibc it does nothing.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has no other door to this")]
pub fn give_back() -> bool {
    unsafe extern "C" {
        fn malloc_trim(pad: usize) -> core::ffi::c_int;
    }
    // SAFETY: `malloc_trim` (glibc since 2.8, malloc_trim(3)) takes a number of bytes to keep and may be called from any
    // thread at any time; it moves and frees nothing that is in use.
    unsafe { malloc_trim(0) != 0 }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() -> bool {
    false
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    fn resident() -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
        pages.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).expect("a number") * 4096
    }

    #[test]
    fn what_lies_between_things_still_held_goes_back() {
        const EACH: usize = 16 << 10;
        let mut all: Vec<Option<Box<[u8]>>> = (0..8_000).map(|_| Some(vec![1; EACH].into_boxed_slice())).collect();
        let full = resident();
        // One in a hundred stays, so that nothing is free at the top.
        for (n, one) in all.iter_mut().enumerate() {
            if n % 100 != 99 {
                *one = None;
            }
        }
        assert!(super::give_back());
        let kept = all.iter().flatten().map(|one| one.len()).sum::<usize>();
        assert!(full.saturating_sub(resident()) > 8_000 * EACH / 2, "{full} before, {} after, {kept} in use", resident());
    }
}
