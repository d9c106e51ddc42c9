namespace HomelabOps.Core.Tests.Records;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 objects")]
    [InlineData(1, "1 object")]
    [InlineData(2, "2 objects")]
    public void One_is_one(int number, string expected) => Assert.Equal(expected, Counted.Of(number, "object"));
}
