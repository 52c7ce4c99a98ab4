using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Polly.CircuitBreaker;

namespace Pipeline.Jobs.Storage;

/// <summary>Tells what went wrong with a request to S3.</summary>
internal static class S3Faults
{
    private const HttpStatusCode InsufficientStorage = (HttpStatusCode)507;

    /// <summary>False for cancellation and for errors of this program.</summary>
    public static bool IsFault(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or BrokenCircuitException => true,
        _ => false,
    };

    /// <summary>True for what may be the whole store's trouble.</summary>
    public static bool IsSignOfOutage(Exception exception) => Classify(exception) is ObjectStoreFault.Unavailable or ObjectStoreFault.Throttled;

    /// <summary>True for what may pass, and for a bare 400: S3 gives its reasons, so it says that the connection was out of step.</summary>
    public static bool IsWorthAnotherTry(Exception exception) =>
        IsSignOfOutage(exception)
        || exception is SlowBodyException { IsLast: false } or AmazonServiceException { StatusCode: HttpStatusCode.BadRequest, ErrorCode: "BadRequest" };

    public static ObjectStoreException Translate(string uri, Exception exception)
    {
        var fault = Classify(exception);
        var said = Describe(exception);
        var detail = fault switch
        {
            ObjectStoreFault.NotFound when Code(exception) == "NoSuchBucket" => $"There is no bucket for '{uri}': create it or name another.",
            ObjectStoreFault.NotFound => $"There is no '{uri}'.",
            ObjectStoreFault.AccessDenied => $"S3 refused access to '{uri}' ({said}): check S3:AccessKey, S3:SecretKey and the bucket's policy.",
            ObjectStoreFault.Full => $"The quota for '{uri}' is used up ({said}): free some space or choose another bucket.",
            ObjectStoreFault.Throttled => $"S3 asks for fewer requests, or is overloaded ({said}; '{uri}'): try again later, or lower Worker:ReadAhead.",
            ObjectStoreFault.Outage => $"S3 fails nearly all requests, so none was sent for '{uri}': check S3:Endpoint, the network and the store.",
            ObjectStoreFault.TooSlow => $"'{uri}' came in drops ({said}): check the network and the store, and try again.",
            ObjectStoreFault.Unavailable => $"S3 could not be reached for '{uri}' ({said}): check S3:Endpoint and the network, and try again.",
            _ => $"S3 refused the request for '{uri}' ({said}).",
        };
        return new ObjectStoreException(fault, uri, detail, exception);
    }

    public static ObjectStoreFault Classify(Exception exception) => exception switch
    {
        BrokenCircuitException => ObjectStoreFault.Outage,
        SlowBodyException => ObjectStoreFault.TooSlow,
        AmazonServiceException { ErrorCode: "QuotaExceeded" or "XMinioStorageFull" or "EntityTooLargeForQuota" } => ObjectStoreFault.Full,
        AmazonServiceException { ErrorCode: "ExpiredToken" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" } => ObjectStoreFault.AccessDenied,
        AmazonServiceException { ErrorCode: "RequestTimeout" or "OperationAborted" or "ConditionalRequestConflict" or "NoSuchUpload" } => ObjectStoreFault.Unavailable,
        AmazonServiceException { ErrorCode: "SlowDown" or "RequestLimitExceeded" or "BandwidthLimitExceeded" } => ObjectStoreFault.Throttled,
        AmazonServiceException service => service.StatusCode switch
        {
            HttpStatusCode.NotFound => ObjectStoreFault.NotFound,
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => ObjectStoreFault.AccessDenied,
            InsufficientStorage => ObjectStoreFault.Full,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => ObjectStoreFault.Throttled,
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict => ObjectStoreFault.Unavailable,
            >= HttpStatusCode.InternalServerError => ObjectStoreFault.Unavailable,
            // No answer at all: the connection was refused or cut.
            0 => ObjectStoreFault.Unavailable,
            _ => service.InnerException is HttpRequestException or IOException ? ObjectStoreFault.Unavailable : ObjectStoreFault.Rejected,
        },
        AmazonClientException client when client.Message.Contains("credential", StringComparison.OrdinalIgnoreCase) => ObjectStoreFault.AccessDenied,
        AmazonClientException client => client.InnerException is HttpRequestException or IOException ? ObjectStoreFault.Unavailable : ObjectStoreFault.Rejected,
        _ => ObjectStoreFault.Unavailable,
    };

    private static string? Code(Exception exception) => (exception as AmazonServiceException)?.ErrorCode;

    private static string Describe(Exception exception) => exception switch
    {
        AmazonS3Exception { ErrorCode.Length: > 0 } s3 => $"{(int)s3.StatusCode} {s3.ErrorCode}",
        OperationCanceledException => "no answer in time",
        _ => (exception.GetBaseException().Message).TrimEnd('.'),
    };
}
