using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>TLS in front of a web server on loopback, with a certificate for 127.0.0.1 of an authority of its own, as a homelab's proxy has it.</summary>
internal sealed class TlsFront : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly int _target;
    private readonly Task _loop;

    public TlsFront(int target)
    {
        _target = target;
        using var key = RSA.Create(2048);
        var authority = new CertificateRequest("CN=homelab authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Authority = root.ExportCertificatePem();

        using var own = RSA.Create(2048);
        var request = new CertificateRequest("CN=git", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), [1]);
        using var whole = signed.CopyWithPrivateKey(own);
        _certificate = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _loop = AcceptAsync();
    }

    /// <summary>The authority's certificate as PEM.</summary>
    public string Authority { get; }

    public string Address(string repository, string? login = null, string host = "127.0.0.1") => $"https://{(login is null ? "" : login + "@")}{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/{repository}";

    public void Dispose()
    {
        _listener.Dispose();
        _loop.Wait();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var near = client;
            await using var stream = new SslStream(near.GetStream());
            await stream.AuthenticateAsServerAsync(_certificate);
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await using var plain = far.GetStream();
            await Task.WhenAny(stream.CopyToAsync(plain), plain.CopyToAsync(stream));
        }
        catch (Exception error) when (error is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or does not trust the certificate.
        }
    }
}
