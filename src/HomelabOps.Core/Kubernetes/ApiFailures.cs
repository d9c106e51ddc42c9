using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Maps what can go wrong between us and one API server, in one place.</summary>
internal sealed class ApiFailures(ClusterEndpoint endpoint)
{
    // The explanation is worth less than the status that is known already.
    private static readonly TimeSpan ExplanationTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Throws the mapped error when the answer is not a success.</summary>
    public async Task ThrowIfFailedAsync(HttpResponseMessage response, ApiRequest request, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var (detail, reason, cause) = await ReadStatusAsync(response, cancellationToken);
        var failure = Status(response.StatusCode, detail, reason, request);
        failure.ServerStatus = response.StatusCode;
        failure.ServerText = detail;
        failure.ServerReason = reason;
        failure.ServerCause = cause;
        throw failure;
    }

    /// <summary>Whether the server refuses what was applied because it does not fit the schema: no further attempt helps, although the status is that of its own failures.</summary>
    public static async Task<bool> IsUnfitAsync(HttpResponseMessage response, ApiRequest request, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.InternalServerError || request.Method != HttpMethod.Patch)
        {
            return false;
        }

        try
        {
            // As a text it is kept, and can be read once more.
            return IsUnfit(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static bool IsUnfit(HttpStatusCode status, string text) => status == HttpStatusCode.InternalServerError
        && (text.Contains("failed to create typed patch object", StringComparison.Ordinal) || text.Contains("failed to convert new object", StringComparison.Ordinal));

    private HomelabException Status(HttpStatusCode status, string detail, string? reason, ApiRequest request) => status switch
    {
        HttpStatusCode.Unauthorized => Errors.AuthenticationFailed(endpoint.Name, endpoint.Address, endpoint.ClientCertificate?.NotAfter),
        HttpStatusCode.Forbidden => Errors.AccessDenied(endpoint.Name, request.Verb, request.Resource, request.Namespace),
        HttpStatusCode.NotFound when request.Name is { } name => Errors.ResourceNotFound(endpoint.Name, request.Resource, request.Namespace, name),
        HttpStatusCode.NotFound => Errors.ResourceTypeNotServed(endpoint.Name, request.Resource),
        HttpStatusCode.Conflict when reason == "AlreadyExists" => Errors.ResourceExists(endpoint.Name, request.Resource, request.Namespace, request.Name ?? ""),
        HttpStatusCode.Conflict => Errors.ResourceConflict(endpoint.Name, request.Resource, request.Name ?? "", detail),
        HttpStatusCode.Gone => Errors.ResourceExpired(endpoint.Name, request.Resource),
        HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => Errors.RequestInvalid(endpoint.Name, request.Resource, detail),
        _ when IsUnfit(status, detail) => Errors.RequestInvalid(endpoint.Name, request.Resource, detail),
        _ => Errors.ClusterError(endpoint.Name, (int)status, detail),
    };

    /// <summary>A request that got no answer.</summary>
    public HomelabException Transport(Exception error, ApiRequest request)
    {
        if (endpoint.ServerCertificate is { Failure: not TlsFailure.None } certificate && error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return certificate.Failure switch
            {
                TlsFailure.Expired => Errors.ServerCertificateExpired(endpoint.Name, endpoint.Address, certificate.NotAfter),
                TlsFailure.WrongHost => Errors.ServerCertificateWrongHost(endpoint.Name, endpoint.Address, certificate.Names),
                _ => Errors.ServerCertificateUntrusted(endpoint.Name, endpoint.Address, certificate.Subject, certificate.Detail),
            };
        }

        return error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException tls } =>
                Errors.SecureConnectionFailed(endpoint.Name, endpoint.Address, tls.InnerException?.Message ?? tls.Message, error),
            _ when error is IOException or HttpRequestException or OperationCanceledException or TimeoutException =>
                Errors.ClusterUnreachable(endpoint.Name, endpoint.Address, Innermost(error), error),
            _ => Errors.RequestFailed(endpoint.Name, request.Resource, Innermost(error), error),
        };
    }

    /// <summary>An answer that began well and could not be read to its end.</summary>
    public HomelabException Body(Exception error, ApiRequest request) => error is JsonException
        ? Errors.ResponseInvalid(endpoint.Name, request.Resource, error.Message, error)
        : Errors.ResponseInterrupted(endpoint.Name, request.Resource, Innermost(error), error);

    internal static async Task<string> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        (await ReadStatusAsync(response, cancellationToken)).Message;

    private static async Task<(string Message, string? Reason, string? Cause)> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ExplanationTimeout);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            var status = await JsonSerializer.DeserializeAsync(body, WireContext.Default.StatusWire, limit.Token);
            return (status?.Message ?? response.ReasonPhrase ?? "", status?.Reason, status?.Details?.Causes is [var first, ..] ? first.Message : null);
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A proxy in between answers in HTML; its reason phrase says enough.
            return (response.ReasonPhrase ?? "", null, null);
        }
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message;
    }
}
