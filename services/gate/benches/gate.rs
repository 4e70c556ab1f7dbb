//! How long the gate takes: `cargo bench -p lockstep-gate`. The longest document of the corpus where it
//! is beside the project, and made ones up to 1 MB that show whether time grows with length.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::{fs, hint::black_box, path::Path};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lockstep_gate::{
    bundle::{self, Files},
    document::Document,
};

/// A policy of about `bytes` bytes: articles with items, references, figures, dates.
fn made(bytes: usize) -> String {
    let mut text = "示例市公共服务管理办法\n\n示府规〔2026〕1号\n\n".to_owned();
    let mut article = 1;
    while text.len() < bytes {
        text.push_str(&format!(
            "第{article}条　申请人应当在{}个工作日内依照本办法第{}条第二款提出申请，补助标准为每人每月{}元，自2026年{}月1日起执行。\n\
             （一）符合《示例市实施办法》（示府规〔2020〕{article}号）规定的；\n（二）其他情形，最高不超过{}%。\n\
             区主管部门应当自收到材料之日起15日内答复；情况复杂的，可以延长至30日。\n",
            article % 30 + 1, article % 40 + 1, article * 7 % 900 + 100, article % 12 + 1, article % 90 + 5
        ));
        article += 1;
    }
    text
}

fn files(policy: &str, interpretation: &str) -> Files {
    let settings = "title = \"示例市公共服务管理办法\"\nslots = []\ndrafters = [\"lin\"]\n[agencies]\ndrafting = [\"a\"]\nissuing = [\"a\"]\n\
        publishing = \"a\"\n[disclosure]\nattribute = \"proactive\"\nground = \"b\"\n[companion]\ntype = \"own\"\n[order]\nworking_days = 3\n\
        required = [\"portal\"]\n";
    [("policy.txt", policy), ("interpretation.txt", interpretation), ("bundle.toml", settings)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into()
}

fn measure(criterion: &mut Criterion) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let read = |path: &str| fs::read_to_string(corpus.join(path)).ok();
    // Policy and interpretation; made ones have an interpretation as long as the policy.
    let mut pairs: Vec<(String, String, String)> = [10_000, 100_000, 1_000_000]
        .into_iter()
        .map(|bytes| {
            let policy = made(bytes);
            let interpretation = policy.replace("应当", "要").replace('，', "，也就是说，");
            (format!("made, {bytes} bytes"), policy, interpretation)
        })
        .collect();
    // The longest beside the longest interpretation, 28,275 characters in all, and beside a usual one.
    let longest = read("094-gz-family-doctor/policy.txt");
    for (name, path) in [
        ("longest", "039-cnipa-fangguanfu"),
        ("longest, a usual interpretation", "001-tax65-customs-zone-vat"),
    ] {
        let interpretation = read(&format!("{path}/interpretation.txt"));
        match longest.clone().zip(interpretation) {
            Some((policy, interpretation)) => {
                pairs.insert(0, (name.to_owned(), policy, interpretation));
            }
            None => println!("SKIPPED: the corpus is not there"),
        }
    }
    let mut group = criterion.benchmark_group("gate");
    group.sample_size(20);
    for (name, text, interpretation) in &pairs {
        group.throughput(Throughput::Bytes(text.len().try_into().unwrap()));
        group.bench_with_input(BenchmarkId::new("parse", name), text, |bencher, text| {
            bencher.iter(|| {
                let document = Document::read(black_box(text));
                black_box((document.metadata(), document.references()));
                document.findings()
            });
        });
        let files = files(text, interpretation);
        group.bench_with_input(BenchmarkId::new("check", name), &files, |bencher, files| {
            bencher.iter(|| bundle::read(black_box(files)));
        });
    }
    group.finish();
}

criterion_group!(benches, measure);
criterion_main!(benches);
