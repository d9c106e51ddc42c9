using System.Net;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    /// <summary>
    /// Opens a container's log. The kubelet answers 400 where there is no log (not started, no previous run, container
    /// gone) and 404 when the pod has gone in the meantime; both are an ordinary state of things, so its words are given
    /// instead of an error.
    /// </summary>
    internal async Task<(Stream? Body, string Reason)> OpenLogAsync(string pathAndQuery, string @namespace, string pod, bool follow, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("get", "pods/log", @namespace, pod)
        {
            Accept = "application/json, */*",

            // The API server sends the head of its answer with the first line, which a silent container writes much later.
            // The API server asks the kubelet. One that does not answer holds up the lines of all others.
            ResponseTimeout = follow ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(10),
            Attempts = 1,
        };
        var response = await SendAsync(pathAndQuery, request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            using (response)
            {
                return (null, await ApiFailures.ReadMessageAsync(response, cancellationToken));
            }
        }

        await using var onFailure = new DisposeOnFailure(response);
        await _failures.ThrowIfFailedAsync(response, request, cancellationToken);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        onFailure.Keep();
        return (body, "");
    }
}
