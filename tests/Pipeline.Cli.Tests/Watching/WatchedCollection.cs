namespace Pipeline.Cli.Tests.Watching;

/// <summary>Tests that only look: one system is enough for all of them.</summary>
[CollectionDefinition(nameof(WatchedCollection))]
public sealed class WatchedCollection : ICollectionFixture<WatchedSystem>;
