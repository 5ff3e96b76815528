using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class AddressTests
{
    [Theory]
    [InlineData("marta@rodriguez.uy")]
    [InlineData("marta.rodriguez+chat@mail.shop.example")]
    [InlineData("o'brien@shop.example")]
    [InlineData("a@b.c")]
    [InlineData("josé@españa.example")]
    [InlineData("user@xn--espaa-rta.example")]
    [InlineData("a?b=c@shop.example")]
    public void One_address_is_an_address(string text) => Assert.True(Address.IsMail(text));

    [Theory]
    [InlineData("")]
    [InlineData("marta")]
    [InlineData("@shop.example")]
    [InlineData("marta@")]
    [InlineData("marta@shop")]
    [InlineData("marta@shop.")]
    [InlineData("marta@.example")]
    [InlineData("marta@shop..example")]
    [InlineData("marta@-shop.example")]
    [InlineData(".marta@shop.example")]
    [InlineData("marta.@shop.example")]
    [InlineData("mar..ta@shop.example")]
    [InlineData("marta @shop.example")]
    [InlineData(" marta@shop.example")]
    [InlineData("marta@shop.example ")]
    [InlineData("marta@shop.example,joao@shop.example")]
    [InlineData("marta@shop.example;joao@shop.example")]
    [InlineData("Marta <marta@shop.example>")]
    [InlineData("\"marta\"@shop.example")]
    [InlineData("marta@shop.example?subject=x")]
    [InlineData("marta@shop.example?subject=x&bcc=all@shop.example")]
    [InlineData("marta@joao@shop.example")]
    [InlineData("marta@shop.example\r\nBcc: all@shop.example")]
    [InlineData("marta@shop.example\u0000")]
    [InlineData("marta@[127.0.0.1]")]
    [InlineData("marta@shop.exa\u202Emple")]
    public void Anything_else_is_none(string text) => Assert.False(Address.IsMail(text));

    [Fact]
    public void Nothing_is_longer_than_mail_can_carry()
    {
        Assert.True(Address.IsMail(new string('a', 64) + "@shop.example"));
        Assert.False(Address.IsMail(new string('a', 65) + "@shop.example"));
        Assert.False(Address.IsMail("a@" + string.Concat(Enumerable.Repeat("abcdefgh.", 30)) + "example"));
        Assert.False(Address.IsMail("a@" + new string('b', 64) + ".example"));
    }

    [Theory]
    [InlineData("marta@shop.example", "mailto:marta@shop.example")]
    [InlineData("a@b.c?subject=x&bcc=all@shop.example", "mailto:a%40b.c%3Fsubject%3Dx%26bcc%3Dall@shop.example")]
    [InlineData("a@b.c?subject=x", "mailto:a@b.c%3Fsubject%3Dx")]
    [InlineData("a,b@shop.example", "mailto:a%2Cb@shop.example")]
    [InlineData("javascript:alert(1)", "mailto:javascript%3Aalert%281%29")]
    [InlineData("a#b@c.d/e", "mailto:a%23b@c.d%2Fe")]
    public void What_is_stored_becomes_one_addressee_and_nothing_more(string stored, string link) => Assert.Equal(link, Address.MailTo(stored));

    [Theory]
    [InlineData("+598 99 123 456", "tel:+59899123456")]
    [InlineData("(0598) 99-123.456", "tel:059899123456")]
    [InlineData("٠٩٨ ٧٦٥", "tel:098765")]
    [InlineData("099 123 ext. 45", "tel:099123")]
    [InlineData("099;phone-context=evil.example", "tel:099")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("ask her", null)]
    [InlineData("+", null)]
    public void A_number_is_dialled_by_its_digits(string stored, string? link) => Assert.Equal(link, Address.Tel(stored));

    [Theory]
    [InlineData("+598 99 123 456", true)]
    [InlineData("099-123", true)]
    [InlineData("٠٩٨٧٦٥", true)]
    [InlineData("1234", false)]
    [InlineData("((()))", false)]
    [InlineData("099 ext 1", false)]
    [InlineData("099+123", false)]
    [InlineData("1234567890123456789012345678901", false)]
    public void A_number_is_digits_and_the_signs_between_them(string text, bool isPhone) => Assert.Equal(isPhone, Address.IsPhone(text));
}
