//! How long a beacon thinks: rounds of planning, statuses counted, pages packed.

#[path = "parts/planning.rs"]
mod planning;

use std::{hint::black_box, time::Duration};

use beacon::{
    census::{Status, StatusPage},
    collection::Manifest,
    plan::Plan,
};
use criterion::{Criterion, criterion_group, criterion_main};
use planning::{World, catalog, holdings, states};

fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for (torrents, beacons) in [(20_000, 50), (100_000, 100), (1_000_000, 1_000)] {
        let world = World::new(torrents, beacons);
        let situation = world.situation();
        group.bench_function(format!("{torrents} torrents, {beacons} beacons, 1 % under target"), |bencher| {
            bencher.iter(|| Plan::make(black_box(&situation)));
        });
    }
    group.finish();
}

fn counting(criterion: &mut Criterion) {
    let World { mut census, volunteers, .. } = World::new(20_000, 50);
    let catalog = catalog(20_000);
    let manifest = Manifest::of(&catalog.collections[0]);
    let states: Vec<_> = holdings(20_000, 50).iter().take(2).map(|held| states(20_000, held)).collect();
    let of = |place: usize| Status::new([(catalog.collections[0].id, manifest.hash(), states[place].clone())]);
    let statuses = [of(0), of(1)];
    let mut turn = 0;
    criterion.bench_function("count a status of 20000 torrents", |bencher| {
        bencher.iter(|| {
            turn = 1 - turn;
            census.set_status(volunteers[0].id, black_box(&statuses[turn]))
        });
    });
    let page = &states[0][..StatusPage::TORRENTS_MAX];
    criterion.bench_function("pack a page of 8192 torrents", |bencher| {
        bencher.iter(|| StatusPage::new(black_box(page)));
    });
    let packed = StatusPage::new(page);
    criterion.bench_function("read a page of 8192 torrents", |bencher| {
        bencher.iter(|| StatusPage::decode(black_box(packed.bytes())));
    });
}

criterion_group!(benches, plans, counting);
criterion_main!(benches);
