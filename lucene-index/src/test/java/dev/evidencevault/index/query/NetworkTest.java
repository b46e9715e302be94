package dev.evidencevault.index.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    /** The platform reads what is written here, and what it writes is read here; zeros are frequent. */
    @Property
    void thePlatformReadsTheSameAddresses(@ForAll long high, @ForAll long low, @ForAll long zeros) throws Exception {
        long highKept = (zeros & 1) == 0 ? high & zeros : high;
        long lowKept = (zeros & 2) == 0 ? low & ~zeros : low & 0xffff00000000ffffL;
        Network network = new Network(highKept, lowKept, Network.ADDRESS_BITS);
        InetAddress address = InetAddress.getByName(network.toString());
        byte[] bytes =
                ByteBuffer.allocate(16).putLong(highKept).putLong(lowKept).array();
        assertEquals(InetAddress.getByAddress(bytes), address);
        assertEquals(network, Network.address(network.toString()));
        assertEquals(network, Network.address(address.getHostAddress()));
        InetAddress v4 = InetAddress.getByAddress(
                ByteBuffer.allocate(4).putInt((int) low).array());
        Network read = Network.address(v4.getHostAddress());
        assertNotNull(read);
        assertEquals(v4.getHostAddress(), read.toString());
        assertEquals(read, Network.address("::ffff:" + v4.getHostAddress()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                ":::",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4:80",
                "::1%eth0",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "1:",
                ":1",
                "::1:",
                "[::1]",
                "example",
                "1.2.3.4/8"
            })
    void whatIsNoAddressIsNone(String text) {
        assertNull(Network.address(text), text);
    }

    @Test
    void prefixesAreCutAndCompared() {
        Network network = Network.parse("10.129.3.4/9");
        assertEquals("10.128.0.0/9", String.valueOf(network));
        assertEquals("2001:db8::/33", String.valueOf(Network.parse("2001:db8:7fff::1/33")));
        assertEquals("::/0", String.valueOf(Network.parse("::/0")));
        assertEquals("10.0.0.0/8", String.valueOf(Network.parse("::ffff:10.1.2.3/104")));
        for (String wrong : List.of("10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "::/x")) {
            assertThrows(IllegalArgumentException.class, () -> Network.parse(wrong));
        }
        assertNull(Network.parse("a/b"));
    }
}
