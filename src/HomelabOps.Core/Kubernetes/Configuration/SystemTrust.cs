using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>
/// On Linux .NET reads every certificate below /etc/ssl/certs when it builds the first chain of a process, also when the
/// chain may end at other authorities only. That takes 40 ms, a sixth of a first command, and nothing else needs the result
/// before the first handshake.
/// </summary>
internal static class SystemTrust
{
    private static int _begun;

    /// <summary>Begins to read them on a core that is idle now; once in a process.</summary>
    /// <param name="certificate">Any certificate; what its chain is does not matter.</param>
    public static void ReadAhead(X509Certificate2 certificate)
    {
        if (OperatingSystem.IsLinux() && Interlocked.Exchange(ref _begun, 1) == 0)
        {
            byte[] copy = certificate.RawData;
            _ = Task.Run(() => Read(copy));
        }
    }

    private static void Read(byte[] certificate)
    {
        using X509Certificate2 own = X509CertificateLoader.LoadCertificate(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.Build(own);
    }
}
