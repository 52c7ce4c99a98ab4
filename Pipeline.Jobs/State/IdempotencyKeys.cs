using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hangfire;
using Hangfire.Storage;

namespace Pipeline.Jobs.State;

/// <summary>Remembers for a day which job a client's key stands for, so that a request that is sent again starts nothing again.</summary>
public sealed class IdempotencyKeys(JobStorage storage, TimeProvider time)
{
    /// <summary>Most characters of a key.</summary>
    public const int LongestKey = 255;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>A request that has taken longer was cut off: its key is free for the same request again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private const string Request = "request";
    private const string Job = "job";
    private const string Since = "since";

    /// <summary>The job that the key stands for; null if the caller is to submit it, and then to call <see cref="Complete"/> or <see cref="Abandon"/>.</summary>
    /// <param name="key">The client's.</param>
    /// <param name="request">Everything that was asked for with it.</param>
    /// <exception cref="IdempotencyException">The key stands for another request, or for one that is being handled.</exception>
    internal string? Begin(string key, string request)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(NameOf(key), StorageTimings.LockExpiry);
        var now = time.GetUtcNow();
        if (connection.GetAllEntriesFromHash(NameOf(key)) is { } known)
        {
            if (known[Request] != Hash(request))
            {
                throw new IdempotencyException(
                    IdempotencyFault.OtherRequest, $"The Idempotency-Key \"{key}\" was used for another request within the last day: use a new key for a new request.");
            }

            if (known[Job].Length > 0)
            {
                return known[Job];
            }

            if (now - DateTimeOffset.ParseExact(known[Since], "O", CultureInfo.InvariantCulture) < s_patience)
            {
                throw new IdempotencyException(IdempotencyFault.InProgress, $"The request with the Idempotency-Key \"{key}\" is being handled: try again in a moment.");
            }
        }

        Write(connection, key, request, "");
        return null;
    }

    /// <summary>The request was carried out.</summary>
    internal void Complete(string key, string request, string jobId)
    {
        using var connection = storage.GetConnection();
        Write(connection, key, request, jobId);
    }

    /// <summary>The request was refused: the key is free.</summary>
    internal void Abandon(string key)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.RemoveHash(NameOf(key));
        transaction.Commit();
    }

    private void Write(IStorageConnection connection, string key, string request, string jobId)
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        transaction.SetRangeInHash(NameOf(key), new Dictionary<string, string>
        {
            [Request] = Hash(request),
            [Job] = jobId,
            [Since] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
        });
        transaction.ExpireHash(NameOf(key), Lifetime);
        transaction.Commit();
    }

    /// <summary>A key may hold anything, and be longer than the storage's column.</summary>
    private static string NameOf(string key) => $"pipeline:idempotency:{Hash(key)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A client's key cannot be used for this request.</summary>
public sealed class IdempotencyException(IdempotencyFault fault, string message) : Exception(message)
{
    public IdempotencyFault Fault { get; } = fault;
}

public enum IdempotencyFault
{
    /// <summary>The key stands for another request.</summary>
    OtherRequest,

    /// <summary>The same request is being handled.</summary>
    InProgress,
}
