using System.Numerics;
using System.Security.Cryptography;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>
/// Draws RSA keys of 2048 bits. OpenSSL 3 works in constant time on each number that may be a prime, a quarter of a second for a key; two of
/// them were a fifth of what a homelab takes to start. Nobody measures the times in here.
/// </summary>
internal static class RsaKeys
{
    private const int Bits = 2048;
    private const int PrimeBytes = Bits / 16;
    private const int Rounds = 5;

    // So many odd numbers are looked at from one that is drawn. Every 355th is a prime.
    private const int Window = 8192;
    private static readonly BigInteger Exponent = 65537;
    private static readonly int[] SmallPrimes = Sieve(1 << 16);

    public static RSA New()
    {
        var (p, q) = (Prime(), Prime());
        while (p == q)
        {
            q = Prime();
        }

        var d = Inverse(Exponent, (p - 1) * (q - 1));
        return RSA.Create(new RSAParameters
        {
            Modulus = Bytes(p * q, 2 * PrimeBytes),
            Exponent = Bytes(Exponent, 3),
            D = Bytes(d, 2 * PrimeBytes),
            P = Bytes(p, PrimeBytes),
            Q = Bytes(q, PrimeBytes),
            DP = Bytes(d % (p - 1), PrimeBytes),
            DQ = Bytes(d % (q - 1), PrimeBytes),
            InverseQ = Bytes(Inverse(q, p), PrimeBytes),
        });
    }

    private static BigInteger Prime()
    {
        while (true)
        {
            // With its two highest bits set, the product of two has all its bits.
            var drawn = RandomNumberGenerator.GetBytes(PrimeBytes);
            drawn[0] |= 0xC0;
            drawn[^1] |= 1;
            var start = new BigInteger(drawn, isUnsigned: true, isBigEndian: true);
            var composite = Composite(start);
            for (var step = 0; step < Window; step++)
            {
                var candidate = start + (2 * step);
                if (!composite[step] && candidate % Exponent != 1 && candidate.GetBitLength() == PrimeBytes * 8 && new PrimeTest(candidate).IsPrime(Rounds))
                {
                    return candidate;
                }
            }
        }
    }

    // Which of the odd numbers from here on have a small factor.
    private static bool[] Composite(BigInteger start)
    {
        var composite = new bool[Window];
        foreach (var prime in SmallPrimes)
        {
            // The first step with (start + 2 * step) % prime == 0.
            var rest = (int)(start % prime);
            var missing = rest == 0 ? 0 : prime - rest;
            for (var step = (missing % 2 == 0 ? missing : missing + prime) / 2; step < Window; step += prime)
            {
                composite[step] = true;
            }
        }

        return composite;
    }

    private static int[] Sieve(int end)
    {
        var composite = new bool[end];
        var primes = new List<int>();
        for (var number = 3; number < end; number += 2)
        {
            if (composite[number])
            {
                continue;
            }

            primes.Add(number);
            for (var multiple = (long)number * number; multiple < end; multiple += 2L * number)
            {
                composite[multiple] = true;
            }
        }

        return [.. primes];
    }

    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        var (rest, next, factor, nextFactor) = (modulus, value % modulus, BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            var quotient = BigInteger.DivRem(rest, next, out var remainder);
            (rest, next, factor, nextFactor) = (next, remainder, nextFactor, factor - (quotient * nextFactor));
        }

        return factor.Sign < 0 ? factor + modulus : factor;
    }

    private static byte[] Bytes(BigInteger value, int count)
    {
        var bytes = new byte[count];
        var length = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(bytes.AsSpan(count - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
