using Pipeline.TestServers;

[assembly: AssemblyFixture(typeof(SharedCephS3))]
