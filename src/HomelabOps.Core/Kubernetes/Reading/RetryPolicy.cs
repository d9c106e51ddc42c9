using System.Net;

namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>When and how long to wait before a request is sent again.</summary>
internal sealed record RetryPolicy
{
    /// <summary>Requests in all, the first included.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second request; doubled for each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait, also where the server asks for more.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait after the failed attempt with this number, counted from 1.</summary>
    public TimeSpan Delay(int attempt, TimeSpan? serverAsked)
    {
        var own = FirstDelay * Math.Pow(2, attempt - 1);

        // Jitter, so that parallel requests that failed together do not come back together.
        var wait = serverAsked ?? (own * (0.75 + (Random.Shared.NextDouble() / 2)));
        return wait < LongestDelay ? wait : LongestDelay;
    }

    /// <summary>
    /// Whether another attempt may help. Only 429 says that nothing was carried out, so only that is followed by a second
    /// attempt at what must not happen twice.
    /// </summary>
    public static bool ShouldRetry(HttpStatusCode status, bool isRepeatable) => status is HttpStatusCode.TooManyRequests
        || (isRepeatable && status is (HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout));

    /// <summary>
    /// A connection that broke may work again at once. One that cannot be made (refused, unknown host, bad certificate)
    /// is told to the user without delay, as kubectl does.
    /// </summary>
    public static bool ShouldRetry(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } => true,
        HttpIOException => true,
        EndOfStreamException => true,
        IOException { InnerException: System.Net.Sockets.SocketException } => true,
        _ => false,
    };
}
