using Pipeline.TestServers;
using Xunit.Sdk;
using Xunit.v3;

// Most tests here run the whole program, which takes every core that there is: they are one collection. Those that kill things have servers of
// their own and mostly wait until somebody is taken for dead: they run beside it, each class a collection.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(SharedCephS3))]
