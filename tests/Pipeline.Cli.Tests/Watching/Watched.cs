namespace Pipeline.Cli.Tests.Watching;

/// <summary>Tests that only look: one system is enough for all of them.</summary>
[CollectionDefinition(nameof(Watched))]
public sealed class Watched : ICollectionFixture<WatchedSystem>;
