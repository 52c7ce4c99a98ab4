using System.Globalization;
using System.Net;
using System.Text.Json;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;
using Pipeline.Jobs.Webhooks;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Webhooks;

/// <summary>From a change of a job's state to what a real receiver gets; Hangfire's part is played, the clock is set.</summary>
public sealed class WebhookDeliveryTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachStorage]
    public async Task Every_change_of_a_job_is_sent_signed_with_what_the_job_was_then(StorageKind kind)
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        using var desk = await OpenAsync(kind);
        var secret = desk.Register(receiver).Secret!;
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        _time.Advance(TimeSpan.FromSeconds(1));
        desk.Jobs.MoveTo("job-1", JobState.InProgress, null);
        _time.Advance(TimeSpan.FromSeconds(1));
        desk.Jobs.MoveTo("job-1", JobState.Failed, "Shard 2 failed: no space is left.");

        await desk.DeliverAsync("job-1");

        Assert.Equal(["job.planning", "job.in_progress", "job.failed"], desk.Deliveries.List("job-1").Select(delivery => delivery.Type).Reverse());
        Assert.Equal(["job.failed", "job.in_progress", "job.planning"], receiver.Received.Select(Type).Order(StringComparer.Ordinal));
        Assert.All(receiver.Received, hook =>
            Assert.Equal(WebhookSecret.Sign([secret], hook.Id, long.Parse(hook.Timestamp, CultureInfo.InvariantCulture), hook.Body), hook.Signature));
        Assert.Equal(3, receiver.Received.Select(hook => hook.Id).Distinct().Count());
        var failed = JsonSerializer.Deserialize(receiver.Received.Single(hook => Type(hook) == "job.failed").Body, WebhookJson.Default.WebhookEvent)!;
        Assert.Equal(("job-1", JobState.Failed, 1, "Shard 2 failed: no space is left."), (failed.Data.JobId, failed.Data.State, failed.Data.Run, failed.Data.Error));
        Assert.All(desk.Deliveries.List("job-1"), delivery => Assert.Equal((DeliveryState.Delivered, 204), (delivery.State, Assert.Single(delivery.Attempts).Status)));
    }

    [Theory, EachStorage]
    public async Task What_fails_is_tried_again_over_days_with_the_same_id_and_a_new_signature_and_can_be_sent_again(StorageKind kind)
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (_, context) => WebhookReceiver.Status(context, 500);
        using var desk = await OpenAsync(kind);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        desk.Dispatcher.Step(Token);
        var id = desk.Deliveries.List("job-1").Single().Id;
        var start = _time.GetUtcNow();

        while (await desk.TryAsync("job-1", id) is { } again)
        {
            Assert.True(again.RetryAt > _time.GetUtcNow());
            Assert.Equal(again.RetryAt, desk.Deliveries.List("job-1").Single().NextAttemptAt);
            _time.SetUtcNow(again.RetryAt);
        }

        Assert.Equal(WebhookRetries.Most, receiver.Received.Count);
        Assert.InRange((_time.GetUtcNow() - start).TotalDays, 3, 4);
        Assert.Single(receiver.Received.Select(hook => (hook.Id, hook.Body)).Distinct());
        Assert.Equal(receiver.Received.Count, receiver.Received.Select(hook => hook.Signature).Distinct().Count());
        var given = desk.Deliveries.List("job-1").Single();
        Assert.Equal((DeliveryState.Failed, "All 10 attempts failed.", 10), (given.State, given.Reason, given.Attempts.Count));

        receiver.Answer = (_, context) => WebhookReceiver.Status(context, 200);
        Assert.True(desk.Dispatcher.Resend("job-1", id));
        Assert.Null(await desk.TryAsync("job-1", id));
        Assert.Equal(DeliveryState.Delivered, desk.Deliveries.List("job-1").Single().State);
        Assert.Single(receiver.Received.Select(hook => hook.Id).Distinct());
        Assert.False(desk.Dispatcher.Resend("job-1", "msg_none"));
    }

    [Fact]
    public async Task An_answer_of_410_disables_the_endpoint()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (_, context) => WebhookReceiver.Status(context, StatusCodes.Status410Gone);
        using var desk = await OpenAsync(StorageKind.Memory);
        var id = desk.Register(receiver).Id;
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        desk.Jobs.MoveTo("job-1", JobState.Cancelled, null);
        await desk.DeliverAsync("job-1");

        Assert.Single(receiver.Received);
        Assert.Equal(DeliveryState.Failed, Assert.Single(desk.Deliveries.List("job-1")).State);
        Assert.Equal((false, "The receiver answered 410: it wants no more."), (desk.Endpoints.Find(id)!.Enabled, desk.Endpoints.Find(id)!.DisabledReason));
        Assert.Equal((true, null), (desk.Endpoints.Change(id, new() { Enabled = true })!.Enabled, desk.Endpoints.Find(id)!.DisabledReason));
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        Assert.Single(receiver.Received);
        Assert.Equal(302, Assert.Single(Assert.Single(desk.Deliveries.List("job-1")).Attempts).Status);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = async (_, context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 16], context.RequestAborted);
            }
        };
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        Assert.Equal(DeliveryState.Delivered, Assert.Single(desk.Deliveries.List("job-1")).State);
    }

    [Fact]
    public async Task Headers_without_end_are_a_failure()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (_, context) =>
        {
            context.Response.Headers["x-long"] = new string('x', 100_000);
            return Task.CompletedTask;
        };
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        Assert.NotNull(Assert.Single(Assert.Single(desk.Deliveries.List("job-1")).Attempts).Error);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_up_after_20_seconds()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        receiver.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());

        var delivering = desk.DeliverAsync("job-1");
        await receiver.NextAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(20));
        await delivering;

        Assert.Equal(new DeliveryAttempt(_time.GetUtcNow().AddSeconds(-20), 20_000, null, "No answer came within 20 s."), Assert.Single(Assert.Single(desk.Deliveries.List("job-1")).Attempts));
    }

    [Fact]
    public async Task A_name_of_this_machine_is_refused_when_it_is_called()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Endpoints.Create(new() { Url = $"https://localhost:{receiver.Address.Port}/hook" });
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        Assert.Empty(receiver.Received);
        Assert.StartsWith("\"localhost\" has no public address", Assert.Single(Assert.Single(desk.Deliveries.List("job-1")).Attempts).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_day_after_rotation_both_secrets_sign()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        using var desk = await OpenAsync(StorageKind.Memory);
        var created = desk.Register(receiver);
        var anew = desk.Endpoints.Rotate(created.Id)!.Secret!;
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        await desk.DeliverAsync("job-1");
        _time.Advance(TimeSpan.FromDays(1));
        desk.Jobs.MoveTo("job-1", JobState.InProgress, null);
        await desk.DeliverAsync("job-1");

        string Signed(ReceivedWebhook hook, params string[] secrets) => WebhookSecret.Sign(secrets, hook.Id, long.Parse(hook.Timestamp, CultureInfo.InvariantCulture), hook.Body);
        Assert.Equal(Signed(receiver.Received[0], anew, created.Secret!), receiver.Received[0].Signature);
        Assert.Equal(Signed(receiver.Received[1], anew), receiver.Received[1].Signature);
        Assert.Null(desk.Endpoints.Find(created.Id)!.Secret);
        Assert.Null(desk.Endpoints.List().Single().Secret);
    }

    [Theory, EachStorage]
    public async Task A_process_that_dies_while_it_hands_out_leaves_each_delivery_to_be_made_once(StorageKind kind)
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        using var desk = await OpenAsync(kind);
        desk.Register(receiver);
        desk.Register(receiver);
        desk.Jobs.Start("job-1", SpecSamples.Spec());

        var dying = new WebhookDispatcher(desk.Storage, desk.Endpoints, desk.Deliveries, new DyingClient(new BackgroundJobClient(desk.Storage), lives: 1), _time);
        Assert.Throws<InvalidOperationException>(() => dying.Step(Token));
        // The Hangfire job that it had made runs; then another process hands out, and its jobs run.
        await desk.RunEnqueuedAsync("job-1");
        Assert.Equal(1, desk.Dispatcher.Step(Token));
        Assert.Equal(0, desk.Dispatcher.Step(Token));
        await desk.RunEnqueuedAsync("job-1");

        Assert.Equal(2, receiver.Received.Count);
        Assert.Equal(2, desk.Deliveries.List("job-1").Count(delivery => delivery.State is DeliveryState.Delivered));
    }

    [Fact]
    public async Task Endpoints_get_what_they_asked_for_and_what_was_deleted_gets_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        using var desk = await OpenAsync(StorageKind.Memory);
        desk.Endpoints.Create(new() { Url = receiver.Address.ToString(), Events = ["job.completed"] });
        var deleted = desk.Register(receiver).Id;
        Assert.True(desk.Endpoints.Delete(deleted));
        Assert.False(desk.Endpoints.Delete(deleted));
        desk.Jobs.Start("job-1", SpecSamples.Spec());
        desk.Jobs.MoveTo("job-1", JobState.Completed, null);
        await desk.DeliverAsync("job-1");
        Assert.Equal("job.completed", Type(Assert.Single(receiver.Received)));
    }

    [Fact]
    public void A_failed_attempt_is_scheduled_by_hangfire_for_its_time()
    {
        using var storage = new Hangfire.InMemory.InMemoryStorage();
        var at = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
        var id = new BackgroundJobClient(storage).Enqueue<IWebhookJob>(job => job.RunAsync("job-1", "msg_1", null, CancellationToken.None));
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        var context = new ElectStateContext(new ApplyStateContext(
            storage, connection, transaction, new BackgroundJob(id, Job.FromExpression<IWebhookJob>(job => job.RunAsync("job-1", "msg_1", null, CancellationToken.None)), DateTime.UnixEpoch),
            new FailedState(new WebhookAttemptException("Attempt 1 of 10: The receiver answered 500.", at)), ProcessingState.StateName));

        new RetryFilter().OnStateElection(context);

        Assert.Equal(at.UtcDateTime, Assert.IsType<ScheduledState>(context.CandidateState).EnqueueAt);
    }

    private static string Type(ReceivedWebhook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("type").GetString()!;

    private async Task<Desk> OpenAsync(StorageKind kind) => new(await Storages.CreateAsync(kind, postgres), _time);

    /// <summary>Everything that takes part, but Hangfire's servers.</summary>
    private sealed class Desk(JobStorage storage, FakeTimeProvider time) : IDisposable
    {
        private readonly WebhookSender _sender = new(Options.Create(new WebhookOptions { AllowedHosts = { IPAddress.Loopback.ToString() } }), time);

        public JobStorage Storage => storage;
        public JobStore Jobs { get; } = new(storage, time);
        public WebhookStore Endpoints { get; } = new(storage, time);
        public DeliveryStore Deliveries { get; } = new(storage);
        public WebhookDispatcher Dispatcher => new(storage, Endpoints, Deliveries, new BackgroundJobClient(storage), time);

        public WebhookView Register(WebhookReceiver receiver) => Endpoints.Create(new() { Url = receiver.Address.ToString() });

        /// <summary>Hands out, and makes one attempt of each delivery that is to be made.</summary>
        public async Task DeliverAsync(string jobId)
        {
            Dispatcher.Step(Token);
            foreach (var delivery in Deliveries.List(jobId).Where(delivery => delivery.State is DeliveryState.Pending))
            {
                await TryAsync(jobId, delivery.Id);
            }
        }

        /// <summary>One attempt, as Hangfire makes it. What it is told to try again by, or null.</summary>
        public async Task<WebhookAttemptException?> TryAsync(string jobId, string deliveryId)
        {
            try
            {
                await new WebhookJob(Deliveries, Endpoints, _sender, time, NullLogger<WebhookJob>.Instance).RunAsync(jobId, deliveryId, null, Token);
                return null;
            }
            catch (WebhookAttemptException again)
            {
                return again;
            }
        }

        /// <summary>Runs each Hangfire job that waits in the queue, those that are there twice twice.</summary>
        public async Task RunEnqueuedAsync(string jobId)
        {
            foreach (var (_, enqueued) in Storage.GetMonitoringApi().EnqueuedJobs(Queues.Webhooks, 0, 100))
            {
                await TryAsync(jobId, (string)enqueued.Job.Args[1]);
            }
        }

        public void Dispose()
        {
            _sender.Dispose();
            (storage as IDisposable)?.Dispose();
        }
    }

    /// <summary>A client in a process that dies after so many jobs.</summary>
    private sealed class DyingClient(IBackgroundJobClient inner, int lives) : IBackgroundJobClient
    {
        private int _lives = lives;

        public string Create(Job job, IState state) => _lives-- > 0 ? inner.Create(job, state) : throw new InvalidOperationException("The process died.");

        public bool ChangeState(string jobId, IState state, string expectedState) => inner.ChangeState(jobId, state, expectedState);
    }
}
