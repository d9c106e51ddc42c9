using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using HomelabOps.Sandbox.Controllers.MetalLB;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class RsaKeysTests
{
    private static readonly byte[] Data = [1, 2, 3];

    [Fact]
    public void A_key_has_2048_bits_of_two_primes_and_signs()
    {
        using var key = RsaKeys.New();
        var parts = key.ExportParameters(includePrivateParameters: true);
        var (p, q) = (Number(parts.P), Number(parts.Q));
        Assert.Equal((2048, 2048L), (key.KeySize, Number(parts.Modulus).GetBitLength()));
        Assert.Equal(Number(parts.Modulus), p * q);
        Assert.True(BigInteger.ModPow(3, p - 1, p).IsOne && BigInteger.ModPow(3, q - 1, q).IsOne);
        using var other = RSA.Create();
        other.ImportFromPem(key.ExportRSAPublicKeyPem());
        Assert.True(other.VerifyData(Data, key.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    // The last three are strong pseudoprimes: of base 2, of bases 2 to 7, and one of Carmichael's numbers.
    [Theory]
    [InlineData("65537", true)]
    [InlineData("18446744073709551557", true)]
    [InlineData("170141183460469231731687303715884105727", true)]
    [InlineData("170141183460469231731687303715884105725", false)]
    [InlineData("340282366920938463463374607431768211457", false)]
    [InlineData("2047", false)]
    [InlineData("3215031751", false)]
    [InlineData("9746347772161", false)]
    public void A_number_is_told_from_a_prime(string number, bool isPrime) =>
        Assert.Equal(isPrime, new PrimeTest(BigInteger.Parse(number, CultureInfo.InvariantCulture)).IsPrime(20));

    private static BigInteger Number(byte[]? bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
