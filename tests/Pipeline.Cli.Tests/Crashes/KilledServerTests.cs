namespace Pipeline.Cli.Tests.Crashes;

/// <summary>A server that dies in any part of a job, and is started again by its supervisor, costs no row and makes none twice.</summary>
[Collection(nameof(KilledServerTests))]
public sealed class KilledServerTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private readonly CrashSteps _steps = new(servers);

    [Fact]
    public async Task PostgreSQL_may_be_killed_in_every_phase() =>
        await _steps.KillAtEachAsync("postgres", CrashSteps.PhasesOf(await _steps.ListAsync("postgres-steps")), _ => servers.Postgres.KillAsync());

    [Fact]
    public async Task The_S3_server_may_be_killed_in_every_phase() =>
        await _steps.KillAtEachAsync("s3", CrashSteps.PhasesOf(await _steps.ListAsync("s3-steps")), _ => servers.S3.KillAsync());
}
