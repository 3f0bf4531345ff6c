import io, zipfile, base64, hashlib, datetime
from PIL import Image
from datetime import *
with zipfile.ZipFile(io.BytesIO(), 'w') as z: print(z.namelist(), z)
zipfile.ZipFile(io.BytesIO(), mode='w').writestr('a')
zipfile.ZipFile(io.BytesIO(), 'w').getinfo()
z = zipfile.ZipFile(io.BytesIO(), 'w')
z.writestr('x', b'1', compress_type=zipfile.ZIP_DEFLATED)
z.getinfo('x').compress_type
z.getinfo('x').comment = b'c'
z.getinfo('x').comment
z.writestr('x', b'2')
z.namelist()
z.fp is None
z.close()
z.fp is None
z.close()
i = zipfile.ZipInfo('n.txt', date_time=(2020, 1, 2, 3, 4, 6))
i.date_time, i.filename, i.CRC
i.compress_type = zipfile.ZIP_DEFLATED
i
b = io.BytesIO()
with zipfile.ZipFile(b, 'w') as z: z.writestr(i, 'q' * 50)
b.getvalue()
b.seek(0)
with zipfile.ZipFile(b) as z:
    with z.open('n.txt') as f:
        for line in f: print(line)
    [l for l in io.TextIOWrapper(z.open('n.txt'))]
z.read('n.txt')
hash(date(2020,1,1)) == hash(date(2020,1,1))
{datetime(2020,1,1), datetime(2020,1,1)}
len({date(2020,1,1), date(2020,1,1), timedelta(1), timedelta(days=1)})
date(2020,1,1) in {date(2020,1,1)}
f'{datetime(2020,1,2,3,4,5):%Y-%m-%d %H:%M}'
'{:%d.%m.%Y}'.format(date(2020,1,2))
'%s' % date(2020,1,2)
str(timedelta(seconds=3661))
date(2020,2,29).replace(year=2021)
(datetime(2020,1,2) - datetime(2020,1,1)).total_seconds()
datetime(2020,1,1) > datetime(2019,1,1)
date.today() > date(2000,1,1)
datetime.strptime('2020-01-02 03:04', '%Y-%m-%d %H:%M').isoformat()
[d.isoformat() for d in sorted([date(2020,5,1), date(2019,5,1)])]
import json
json.dumps({'d': date(2020,1,1)}, default=str)
json.dumps({'d': date(2020,1,1)})
timedelta(minutes=90) / timedelta(hours=1)
round(timedelta(days=1, hours=5).total_seconds() / 3600, 2)
im = Image.new('RGBA', (4, 4), (255, 0, 0, 128))
im.convert('RGB').getpixel((0, 0))
im.resize((2, 2)).getpixel((0, 0))
im.convert('L').mode
im.rotate(45).getpixel((0, 0))
im.transpose(Image.Transpose.ROTATE_90).size
im.resize((8, 8), Image.Resampling.LANCZOS).size
with Image.new('L', (2, 2)) as k: print(k.size)
Image.merge('RGB', Image.new('RGB', (2, 2), 'blue').split()).getpixel((0, 0))
buf = io.BytesIO(); Image.new('RGB', (3, 2), 'lime').save(buf, format='BMP')
len(buf.getvalue()), Image.open(buf).format
Image.open(buf).getpixel((2, 1))
g = io.BytesIO(); Image.new('L', (3, 2), 9).save(g, 'GIF'); Image.open(g).size
try: Image.open(io.BytesIO(b'nope'))
except OSError as e: print(type(e).__name__)
try: Image.open(io.BytesIO(b'nope'))
except Image.UnidentifiedImageError as e: print('cannot' in str(e))
w = Image.new('RGB', (2, 2)); w.putpixel((1, 1), (9, 8, 7)); w.tobytes()
base64.b64encode(bytearray(b'ab')), base64.b64encode(memoryview(b'ab'))
base64.b64encode(io.BytesIO(b'ab').getbuffer())
base64.b64encode(io.BytesIO(b'x'))
hashlib.sha256(io.BytesIO(b'ab').getvalue()).hexdigest()[:8]
hashlib.sha256(io.BytesIO(b'ab').getbuffer()).hexdigest()[:8]
hashlib.file_digest(io.BytesIO(b'abc'), 'md5').hexdigest()
h = hashlib.md5()
for c in iter(lambda: b'', b''): h.update(c)
h.hexdigest()
i = io.BytesIO(b'abcdef' * 20); o = io.BytesIO(); base64.encode(i, o); o.getvalue()
