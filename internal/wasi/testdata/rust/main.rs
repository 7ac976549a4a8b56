// A node in Rust: it answers each line with what depends on the order of a HashMap and on its clock, keeps
// the lines in a file, and waits a little before each answer.
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, BufRead, Write};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

fn main() -> io::Result<()> {
    let begun = Instant::now();
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    eprintln!("begun at {} with {:?}", since.as_secs(), std::env::args().collect::<Vec<_>>());
    println!("found {:?}", std::fs::read_to_string("/lines").unwrap_or_default());
    let mut file = OpenOptions::new().create(true).append(true).open("/lines")?;
    let mut seen = HashMap::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line == "panic" {
            panic!("as was asked");
        }
        seen.insert(line.clone(), seen.len());
        sleep(Duration::from_millis(20));
        writeln!(file, "{}", line)?;
        file.sync_all()?;
        let order: Vec<&String> = seen.keys().collect();
        println!("{} after {} ms: {:?}", line, begun.elapsed().as_millis() / 20 * 20, order);
    }
    Ok(())
}
