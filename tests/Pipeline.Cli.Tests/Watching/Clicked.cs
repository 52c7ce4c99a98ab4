namespace Pipeline.Cli.Tests.Watching;

/// <summary>A system of their own for tests that submit jobs: whoever reads the numbers of <see cref="Watched"/> finds its two jobs and no others, in whatever order tests run.</summary>
[CollectionDefinition(nameof(Clicked))]
public sealed class Clicked : ICollectionFixture<WatchedSystem>;
