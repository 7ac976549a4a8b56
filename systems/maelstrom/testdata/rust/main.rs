// A node in Rust, without any library, for the workloads echo and unique-ids. Its ids are made of its name, how
// often it has begun, which it writes down before anything else, the hash of a number, which is another in each
// life, and that number.
use std::collections::hash_map::RandomState;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufRead, Write};

// begun adds a byte to a file and tells how many there are.
fn begun() -> io::Result<u64> {
    let mut file: File = OpenOptions::new().create(true).append(true).open("begun")?;
    file.write_all(b"|")?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

// field is the text of a field's value, quoted if it is a string. Values here have neither commas nor quotes.
fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let key = format!("\"{}\":", name);
    let value = match line.find(&key) {
        Some(at) => line[at + key.len()..].trim_start(),
        None => panic!("no {} in {}", name, line),
    };
    value[..value.find([',', '}'].as_ref()).unwrap_or(value.len())].trim_end()
}

fn main() -> io::Result<()> {
    let (lives, hashes) = (begun()?, RandomState::new());
    let mut name = String::new();
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line?;
        let answer = match field(&line, "type") {
            "\"init\"" => {
                name = field(&line, "node_id").trim_matches('"').to_string();
                String::from("\"type\":\"init_ok\"")
            }
            "\"echo\"" => format!("\"type\":\"echo_ok\",\"echo\":{}", field(&line, "echo")),
            "\"generate\"" => {
                let mut hasher = hashes.build_hasher();
                hasher.write_usize(number);
                let id = format!("{}-{}-{:016x}-{}", name, lives, hasher.finish(), number);
                format!("\"type\":\"generate_ok\",\"id\":\"{}\"", id)
            }
            other => format!("\"type\":\"error\",\"code\":10,\"text\":{}", other),
        };
        println!(
            "{{\"src\":\"{}\",\"dest\":{},\"body\":{{{},\"in_reply_to\":{}}}}}",
            name, field(&line, "src"), answer, field(&line, "msg_id")
        );
    }
    Ok(())
}
