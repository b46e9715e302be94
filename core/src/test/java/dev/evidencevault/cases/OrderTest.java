package dev.evidencevault.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderTest {
    private static final String GOOD = "{'order':'1','issuer':'C','legalBasis':'L','tenant':'t',"
            + "'requestedBy':'A','approvedBy':'B','from':'2026-01-01','to':'2026-02-01'}";

    private static Order parse(String json) throws OrderRefusedException {
        return Order.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keepsItsBytes() throws Exception {
        assertEquals(GOOD.replace('\'', '"'), new String(parse(GOOD).text().bytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'tenant':'t',| |tenant",
                "'order':'1',| |order",
                "'legalBasis':'L'|'legalBasis':''|legalBasis",
                "'tenant':'t'|'tenant':null|tenant",
                "'tenant':'t'|'tenant':'t','tenant':'u'|Duplicate",
                "'tenant':'t'|'tenant':'t','actor':'x'|unknown field \"\"actor\"\"",
                "'approvedBy':'B'|'approvedBy':'  a '|same person",
                "'from':'2026-01-01'|'from':'2026-01-01T00:00:00'|zone",
                "'from':'2026-01-01'|'from':'2026-03-01'|before",
                "'order':'1'|'order':'1','actors':[]|actors",
                "'order':'1'|'order':'1','actors':['x','x']|once",
                "'order':'1'|'order':'1','actors':'x'|list",
                "'order':'1'|'order':'1','privilegedOnly':'yes'|true or false",
                "'order':'1'|'order':1|order",
                "'order':'1'|'order':'1\\n2'|control",
                "}|}}|JSON",
            })
    void whatIsAmbiguousIsRefusedWithAReason(String part, String changed, String reason) {
        String json = GOOD.replace(part, changed == null ? "" : changed);
        OrderRefusedException e = assertThrows(OrderRefusedException.class, () -> parse(json));
        assertTrue(String.valueOf(e.getMessage()).contains(reason.replace("\"\"", "\"")), e.getMessage());
    }
}
