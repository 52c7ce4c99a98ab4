using Pipeline.TestServers;
using Xunit.Sdk;
using Xunit.v3;

// Most tests here run the whole program, which takes every core that there is.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SharedCephS3))]
