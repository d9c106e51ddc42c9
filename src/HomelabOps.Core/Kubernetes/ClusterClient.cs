using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Discovery;
using HomelabOps.Core.Kubernetes.Reading;

namespace HomelabOps.Core.Kubernetes;

/// <summary>
/// Talks to one API server: reads streamed, retries what changes nothing, and maps every failure to a
/// <see cref="HomelabException"/>. Safe for use by several threads.
/// </summary>
public sealed partial class ClusterClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiFailures _failures;
    private readonly string _root;

    /// <summary>Makes a client. Nothing is sent yet.</summary>
    /// <param name="endpoint">What the kubeconfig context resolves to.</param>
    public ClusterClient(ClusterEndpoint endpoint)
        : this(endpoint, HttpHandlerFactory.Create(endpoint))
    {
    }

    /// <param name="endpoint">What the handler leads to.</param>
    /// <param name="handler">Carries the requests; it is disposed of with the client.</param>
    internal ClusterClient(ClusterEndpoint endpoint, HttpMessageHandler handler)
    {
        Endpoint = endpoint;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _failures = new ApiFailures(endpoint);
        Discovery = new ApiDiscovery(this, DiscoveryCache.For(endpoint));
        _root = endpoint.Server.AbsoluteUri.TrimEnd('/') + "/";
    }

    /// <summary>What the client talks to.</summary>
    public ClusterEndpoint Endpoint { get; }

    /// <summary>Name that records of this cluster carry: the context's, unless another cluster of this process has it.</summary>
    public string Name { get => field ?? Endpoint.Name; init; }

    internal ApiDiscovery Discovery { get; init; }

    internal RetryPolicy Retry { get; init; } = new();

    /// <summary>How long the server may take to begin its answer, to send a single document, or to go on with a list.</summary>
    internal TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public void Dispose()
    {
        Discovery.Dispose();
        _http.Dispose();
    }

    /// <summary>Reads one document.</summary>
    internal async Task<T> GetAsync<T>(string pathAndQuery, JsonTypeInfo<T> type, ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendReadAsync(pathAndQuery, request, cancellationToken);
        return await ReadBodyAsync(response, type, request, cancellationToken);
    }

    /// <summary>Reads one object, or null when it does not exist.</summary>
    internal async Task<T?> FindAsync<T>(ResourceType resource, string? @namespace, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken, string accept = "application/json")
        where T : class
    {
        var request = new ApiRequest("get", resource.QualifiedName, @namespace, name) { Accept = accept };
        using var response = await SendAsync(resource.Path(@namespace, name), request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await _failures.ThrowIfFailedAsync(response, request, cancellationToken);
        return await ReadBodyAsync(response, type, request, cancellationToken);
    }

    /// <summary>Opens a body to read from, such as a log. The caller disposes the response.</summary>
    internal async Task<HttpResponseMessage> SendReadAsync(string pathAndQuery, ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(pathAndQuery, request, cancellationToken);
        try
        {
            await _failures.ThrowIfFailedAsync(response, request, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request, with retries, and gives the answer whatever its status is.</summary>
    internal async Task<HttpResponseMessage> SendAsync(string pathAndQuery, ApiRequest request, CancellationToken cancellationToken)
    {
        var (refresh, refreshed) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage response;
            try
            {
                response = await SendOnceAsync(pathAndQuery, request, refresh, cancellationToken);
                refresh = false;
            }
            catch (Exception error) when (request.IsRepeatable && attempt < (request.Attempts ?? Retry.Attempts) && RetryPolicy.ShouldRetry(error) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Retry.Delay(attempt, null), cancellationToken);
                continue;
            }
            catch (Exception error) when (error is not HomelabException && !cancellationToken.IsCancellationRequested)
            {
                throw _failures.Transport(error, request);
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized && !refreshed)
            {
                // A token may have been rotated or revoked since it was read.
                (refresh, refreshed) = (true, true);
                response.Dispose();
                continue;
            }

            if (!RetryPolicy.ShouldRetry(response.StatusCode, request.IsRepeatable) || attempt >= (request.Attempts ?? Retry.Attempts)
                || await ApiFailures.IsUnfitAsync(response, request, cancellationToken))
            {
                return response;
            }

            var wait = Retry.Delay(attempt, response.Headers.RetryAfter?.Delta);
            response.Dispose();
            await Task.Delay(wait, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string pathAndQuery, ApiRequest request, bool refresh, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, _root + pathAndQuery);
        message.Headers.Accept.ParseAdd(request.Accept);
        message.Headers.UserAgent.Add(UserAgent);
        message.Headers.Authorization = await Endpoint.Credentials.GetAsync(refresh, cancellationToken);
        Endpoint.Impersonation?.Apply(message.Headers);
        foreach (var (name, value) in request.Headers ?? System.Collections.Immutable.ImmutableDictionary<string, string>.Empty)
        {
            message.Headers.Add(name, value);
        }

        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new(request.BodyType) } };
        }

        if (request.Protocols.Count > 0)
        {
            AskForSocket(message, request.Protocols);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = request.ResponseTimeout ?? ResponseTimeout;
        limit.CancelAfter(patience);
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.RequestTimeout(Name, Endpoint.Address, patience);
        }
    }

    internal Task<T> ReadBodyAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, ApiRequest request, CancellationToken cancellationToken) =>
        ReadBodyAsync(
            response,
            request,
            async (body, stop) => await JsonSerializer.DeserializeAsync(body, type, stop) ?? throw new JsonException("The answer is null."),
            cancellationToken);

    private async Task<T> ReadBodyAsync<T>(HttpResponseMessage response, ApiRequest request, Func<Stream, CancellationToken, Task<T>> parse, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ResponseTimeout);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            return await parse(body, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.RequestTimeout(Name, Endpoint.Address, ResponseTimeout);
        }
        catch (Exception error) when (error is not HomelabException && !cancellationToken.IsCancellationRequested)
        {
            throw _failures.Body(error, request);
        }
    }

    private static ProductInfoHeaderValue UserAgent { get; } =
        new("HomelabOps", typeof(ClusterClient).Assembly.GetName().Version!.ToString(3));
}
