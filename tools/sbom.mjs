#!/usr/bin/env node
// Writes a software bill of materials (CycloneDX 1.6, JSON) of the three programs, from their lock files: tools/sbom FILE
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const programs = ['Pipeline.Api', 'Pipeline.Worker', 'Pipeline.Cli'];
const version = /<Version>(.+)<\/Version>/.exec(readFileSync(join(root, 'Directory.Build.props'), 'utf8'))[1];
const components = new Map();
const dependencies = new Map();

const packageRef = (name, at) => `pkg:nuget/${name}@${at}`;

for (const program of programs) {
    const locked = Object.entries(JSON.parse(readFileSync(join(root, program, 'packages.lock.json'), 'utf8')).dependencies['net10.0']);
    const resolved = new Map(locked.map(([name, entry]) => [name.toLowerCase(), entry.type === 'Project' ? null : packageRef(name, entry.resolved)]));
    const packages = names => names.map(name => resolved.get(name.toLowerCase())).filter(found => found);
    const needed = locked.filter(([, entry]) => entry.type === 'Direct').map(([name]) => name);
    for (const [name, entry] of locked) {
        const needs = Object.keys(entry.dependencies ?? {});
        if (entry.type === 'Project') {
            needed.push(...needs);
            continue;
        }

        const ref = packageRef(name, entry.resolved);
        components.set(ref, {
            type: 'library',
            'bom-ref': ref,
            name,
            version: entry.resolved,
            purl: ref,
            hashes: [{ alg: 'SHA-512', content: Buffer.from(entry.contentHash, 'base64').toString('hex') }],
        });
        dependencies.set(ref, packages(needs).sort());
    }

    dependencies.set(program, [...new Set(packages(needed))].sort());
}

const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': 'dragonfly-pipeline', name: 'dragonfly-pipeline', version, components: programs.map(name => ({ type: 'application', 'bom-ref': name, name, version })) } },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [['dragonfly-pipeline', programs], ...[...dependencies].sort()].map(([ref, dependsOn]) => ({ ref, dependsOn })),
};
const file = process.argv[2];
if (!file) {
    console.error('Name the file that takes the bill of materials: tools/sbom FILE');
    process.exit(2);
}

writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${bom.components.length} packages`);
