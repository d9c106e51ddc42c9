using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>The test of Miller and Rabin for one odd number of many words, with Montgomery's multiplication.</summary>
internal sealed class PrimeTest
{
    private readonly ulong[] _modulus;
    private readonly ulong[] _one;
    private readonly ulong[] _minusOne;
    private readonly ulong[] _odd;
    private readonly ulong[] _scratch;
    private readonly ulong _inverse;
    private readonly int _twos;

    public PrimeTest(BigInteger number)
    {
        var words = (int)((number.GetBitLength() + 63) / 64);
        _modulus = Words(number, words);
        _one = Words((BigInteger.One << (64 * words)) % number, words);
        _minusOne = Words(number - ((BigInteger.One << (64 * words)) % number), words);
        _twos = (int)BigInteger.TrailingZeroCount(number - 1);
        _odd = Words((number - 1) >> _twos, words);
        _scratch = new ulong[words + 2];
        _inverse = NegativeInverse(_modulus[0]);
    }

    /// <summary>Whether the number passes with the base 2, and with so many bases that are drawn.</summary>
    public bool IsPrime(int rounds)
    {
        var value = (ulong[])_one.Clone();
        Double(value);
        if (!Passes(value, isTwo: true))
        {
            return false;
        }

        for (var round = 0; round < rounds; round++)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(value.AsSpan()));

            // The highest bit of the modulus is set, so this is below it.
            value[^1] >>= 1;
            if (!Passes(value, isTwo: false))
            {
                return false;
            }
        }

        return true;
    }

    private bool Passes(ulong[] number, bool isTwo)
    {
        var power = (ulong[])_one.Clone();
        for (var bit = (_odd.Length * 64) - 1; bit >= 0; bit--)
        {
            Multiply(power, power);
            if ((_odd[bit / 64] >> (bit % 64) & 1) == 0)
            {
                continue;
            }

            if (isTwo)
            {
                Double(power);
            }
            else
            {
                Multiply(power, number);
            }
        }

        if (power.AsSpan().SequenceEqual(_one) || power.AsSpan().SequenceEqual(_minusOne))
        {
            return true;
        }

        for (var step = 1; step < _twos; step++)
        {
            Multiply(power, power);
            if (power.AsSpan().SequenceEqual(_minusOne))
            {
                return true;
            }
        }

        return false;
    }

    private void Double(ulong[] value)
    {
        var carry = 0UL;
        for (var index = 0; index < value.Length; index++)
        {
            (value[index], carry) = ((value[index] << 1) | carry, value[index] >> 63);
        }

        Reduce(value, carry);
    }

    // Compiled for this very processor: what is compiled ahead knows no long multiplication.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(ulong[] value, ulong[] factor)
    {
        var (modulus, sum) = (_modulus, _scratch);
        var words = modulus.Length;
        Array.Clear(sum);
        foreach (var word in value)
        {
            var carry = 0UL;
            for (var index = 0; index < words; index++)
            {
                sum[index] = MultiplyAdd(word, factor[index], sum[index], ref carry);
            }

            sum[words] += carry;
            sum[words + 1] = sum[words] < carry ? 1UL : 0;
            var multiple = sum[0] * _inverse;
            carry = 0;
            MultiplyAdd(multiple, modulus[0], sum[0], ref carry);
            for (var index = 1; index < words; index++)
            {
                sum[index - 1] = MultiplyAdd(multiple, modulus[index], sum[index], ref carry);
            }

            sum[words - 1] = sum[words] + carry;
            sum[words] = sum[words + 1] + (sum[words - 1] < carry ? 1UL : 0);
        }

        sum.AsSpan(0, words).CopyTo(value);
        Reduce(value, sum[words]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong left, ulong right, ulong addend, ref ulong carry)
    {
        var high = Math.BigMul(left, right, out var low);
        low += addend;
        high += low < addend ? 1UL : 0;
        low += carry;
        carry = high + (low < carry ? 1UL : 0);
        return low;
    }

    // Takes the modulus away from what is not below it.
    private void Reduce(ulong[] value, ulong carry)
    {
        if (carry == 0 && !IsAtLeastModulus(value))
        {
            return;
        }

        var borrow = 0UL;
        for (var index = 0; index < value.Length; index++)
        {
            var (word, less) = (value[index], _modulus[index]);
            value[index] = word - less - borrow;
            borrow = word < less || (word == less && borrow == 1) ? 1UL : 0;
        }
    }

    private bool IsAtLeastModulus(ulong[] value)
    {
        for (var index = value.Length - 1; index >= 0; index--)
        {
            if (value[index] != _modulus[index])
            {
                return value[index] > _modulus[index];
            }
        }

        return true;
    }

    // Newton's steps double the bits that are right.
    private static ulong NegativeInverse(ulong odd)
    {
        var inverse = odd;
        for (var step = 0; step < 5; step++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return 0 - inverse;
    }

    private static ulong[] Words(BigInteger value, int count)
    {
        var words = new ulong[count];
        value.TryWriteBytes(MemoryMarshal.AsBytes(words.AsSpan()), out _, isUnsigned: true);
        return words;
    }
}
