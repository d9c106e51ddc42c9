using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Core.MetalLB;

/// <summary>Looks at private keys in PEM without making text of them.</summary>
internal static class PemKey
{
    /// <summary>How a key is written, and its public half (SubjectPublicKeyInfo), null where that cannot be told.</summary>
    /// <param name="pem">The PEM; null or empty for none. It is left as it is.</param>
    public static (KeyForm Form, byte[]? PublicKey) Look(byte[]? pem)
    {
        if (pem is null or { Length: 0 })
        {
            return (KeyForm.Missing, null);
        }

        // Parameters of elliptic curves may stand before their key.
        for (var rest = pem.AsSpan(); PemEncoding.TryFindUtf8(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var label = Encoding.UTF8.GetString(rest[fields.Label]);
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                return Look(label, rest[fields.Base64Data], fields.DecodedDataLength);
            }
        }

        return (KeyForm.Invalid, null);
    }

    private static (KeyForm Form, byte[]? PublicKey) Look(string label, ReadOnlySpan<byte> base64, int length)
    {
        var der = new byte[length];
        try
        {
            return Base64.DecodeFromUtf8(base64, der, out _, out var written) == System.Buffers.OperationStatus.Done
                ? label switch
                {
                    "RSA PRIVATE KEY" => (KeyForm.Pkcs1, PublicRsa(rsa => rsa.ImportRSAPrivateKey(der.AsSpan(0, written), out _))),
                    "PRIVATE KEY" => (KeyForm.Other, PublicOfPkcs8(der.AsSpan(0, written))),
                    "EC PRIVATE KEY" => (KeyForm.Other, PublicCurve(curve => curve.ImportECPrivateKey(der.AsSpan(0, written), out _))),
                    _ => (KeyForm.Invalid, null),
                }
                : (KeyForm.Invalid, null);
        }
        catch (CryptographicException)
        {
            return (KeyForm.Invalid, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    // .NET does not know every kind that Go serves with, such as Ed25519.
    private static byte[]? PublicOfPkcs8(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        try
        {
            return PublicRsa(rsa => rsa.ImportPkcs8PrivateKey(bytes, out _));
        }
        catch (CryptographicException)
        {
            try
            {
                return PublicCurve(curve => curve.ImportPkcs8PrivateKey(bytes, out _));
            }
            catch (CryptographicException)
            {
                return null;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] PublicRsa(Action<RSA> import)
    {
        using var rsa = RSA.Create();
        import(rsa);
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] PublicCurve(Action<ECDsa> import)
    {
        using var curve = ECDsa.Create();
        import(curve);
        return curve.ExportSubjectPublicKeyInfo();
    }
}
