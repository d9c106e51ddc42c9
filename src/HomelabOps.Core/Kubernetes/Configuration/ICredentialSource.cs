using System.Net.Http.Headers;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Gives the Authorization header of a request.</summary>
public interface ICredentialSource
{
    /// <summary>True when a request can be made without running a program or asking somebody.</summary>
    bool IsAtHand => true;

    /// <summary>The header, or null when the requests carry none (anonymous, or a client certificate).</summary>
    /// <param name="refresh">True after a 401: what is cached is not good any more.</param>
    /// <param name="cancellationToken">Ends the wait, and a plugin that is running.</param>
    ValueTask<AuthenticationHeaderValue?> GetAsync(bool refresh, CancellationToken cancellationToken);
}
