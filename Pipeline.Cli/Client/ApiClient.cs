using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Cli.Client;

/// <summary>The REST API of a server, from a client's side.</summary>
/// <param name="server">Its address.</param>
/// <param name="key">An API key; null where none is needed.</param>
internal sealed class ApiClient(Uri server, string? key = null) : IDisposable
{
    /// <summary>A server may be newer than this client and say more.</summary>
    private static readonly JobJson s_json =
        new(new JsonSerializerOptions(JobJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    private static readonly AccessJson s_access =
        new(new JsonSerializerOptions(AccessJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    private static readonly TenantJson s_tenants =
        new(new JsonSerializerOptions(TenantJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Submits a spec, or continues the job that it is.</summary>
    /// <exception cref="ApiException">It was refused.</exception>
    /// <exception cref="CommandException">No server answers.</exception>
    public Task<JobView> SubmitAsync(string spec, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var content = new StringContent(spec, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
        {
            content.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(HttpMethod.Post, "v1/jobs", content, s_json.JobView, cancellationToken);
    }

    /// <summary>Asks what a spec would do.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public Task<DryRunReport> DryRunAsync(string spec, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "v1/jobs/dry-run", new StringContent(spec, Encoding.UTF8, "application/json"), s_json.DryRunReport, cancellationToken);

    /// <inheritdoc cref="SubmitAsync"/>
    public Task<JobView> GetAsync(string jobId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"v1/jobs/{Uri.EscapeDataString(jobId)}", null, s_json.JobView, cancellationToken);

    /// <summary>Jobs, newest first.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public Task<JobPage> ListAsync(int limit, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"v1/jobs?limit={limit}", null, s_json.JobPage, cancellationToken);

    /// <summary>All jobs, newest first.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public async Task<IReadOnlyList<JobView>> ListAllAsync(CancellationToken cancellationToken)
    {
        var all = new List<JobView>();
        for (int? offset = 0; offset is { } next;)
        {
            var page = await SendAsync(HttpMethod.Get, $"v1/jobs?limit=100&offset={next}", null, s_json.JobPage, cancellationToken);
            all.AddRange(page.Jobs);
            offset = page.NextOffset;
        }

        return all;
    }

    /// <summary>Asks one thing of a job: "cancel", "pause", "resume".</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public Task<JobView> AskAsync(string jobId, string what, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"v1/jobs/{Uri.EscapeDataString(jobId)}/{what}", null, s_json.JobView, cancellationToken);

    /// <inheritdoc cref="SubmitAsync"/>
    public Task<JobView> ChangeScheduleAsync(string jobId, string schedule, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch,
        $"v1/jobs/{Uri.EscapeDataString(jobId)}/schedule",
        new StringContent(schedule, Encoding.UTF8, "application/json"),
        s_json.JobView,
        cancellationToken);

    /// <summary>Makes an API key; the answer alone holds it.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public Task<ApiKeyView> CreateKeyAsync(ApiKeyRequest request, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, "v1/keys", JsonContent.Create(request, AccessJson.Default.ApiKeyRequest), s_access.ApiKeyView, cancellationToken);

    /// <inheritdoc cref="SubmitAsync"/>
    public Task<ApiKeyView> RotateKeyAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"v1/keys/{Uri.EscapeDataString(id)}/rotate", null, s_access.ApiKeyView, cancellationToken);

    /// <inheritdoc cref="SubmitAsync"/>
    public async Task<IReadOnlyList<ApiKeyView>> ListKeysAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "v1/keys", null, s_access.ApiKeyList, cancellationToken)).Keys;

    /// <inheritdoc cref="SubmitAsync"/>
    public Task RevokeKeyAsync(string id, CancellationToken cancellationToken) =>
        SendAsync<object?>(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(id)}", null, null, cancellationToken);

    /// <summary>Tenants with limits, and what they take of them.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public async Task<IReadOnlyList<TenantView>> ListTenantsAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "v1/tenants", null, s_tenants.TenantList, cancellationToken)).Tenants;

    /// <summary>Replaces a tenant's limits.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public Task<TenantView> SetTenantAsync(string tenant, TenantLimits limits, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Put, $"v1/tenants/{Uri.EscapeDataString(tenant)}", JsonContent.Create(limits, TenantJson.Default.TenantLimits), s_tenants.TenantView, cancellationToken);

    /// <inheritdoc cref="SubmitAsync"/>
    public Task RemoveTenantAsync(string tenant, CancellationToken cancellationToken) =>
        SendAsync<object?>(HttpMethod.Delete, $"v1/tenants/{Uri.EscapeDataString(tenant)}", null, null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T>? type, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (key is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw await RefusalAsync(response, cancellationToken);
            }

            return type is null ? default! : await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException e)
        {
            throw CommandException.Failure($"{server} does not answer as a pipeline server does: check --server.", e);
        }
        catch (HttpRequestException e)
        {
            var reason = e.GetBaseException() is SocketException socket ? socket.Message : e.Message;
            throw CommandException.Failure($"No server answers at {server} ({reason}): start one with 'pipeline serve', or name another with --server.", e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw CommandException.Failure($"{server} did not answer within {_http.Timeout.TotalSeconds:0} s: try again, or look at its log.", e);
        }
    }

    private async Task<ApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized)
        {
            return new ApiException(response.StatusCode, key is null
                ? $"{server} asks who calls: set {ServerOption.KeyVariable} to an API key, which an administrator makes with 'pipeline keys create'."
                : $"{server} does not know the API key: it may be mistyped, expired or revoked. Set {ServerOption.KeyVariable} or --key to one that works.", []);
        }

        var problem = response.Content.Headers.ContentType?.MediaType is "application/problem+json"
            ? await response.Content.ReadFromJsonAsync(ProblemJson.Default.Problem, cancellationToken)
            : null;
        return new ApiException(
            response.StatusCode,
            problem?.Detail ?? problem?.Title ?? $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.",
            problem?.Errors ?? []);
    }
}
